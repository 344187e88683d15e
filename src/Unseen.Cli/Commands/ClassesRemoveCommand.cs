using System.CommandLine;

namespace Unseen.Cli.Commands;

/// <summary>`unseen classes RUN remove CLASS...`.</summary>
internal static class ClassesRemoveCommand
{
    private static readonly Argument<string[]> Names = CommonOptions.Texts("CLASS", "Names of classes.");

    public static Command Create() => new Command("remove", "Remove classes; the history keeps their values.")
    {
        Names, ClassesCommand.DryRun,
    }
        .Handle(Run);

    private static int Run(CommandContext context)
    {
        var classes = ClassesCommand.Open(context);
        var removed = context.Get(Names).Select(classes.Remove).ToList();
        var isDry = context.Get(ClassesCommand.DryRun);
        if (!isDry) classes.Save();
        foreach (var entry in removed)
            context.Output.WriteLine($"{(isDry ? "Would have removed" : "Removed")} '{entry.Name}' ({(entry.Seen ? "seen" : "unseen")}).");
        return ExitCode.Done;
    }
}
