using System.CommandLine;

namespace Unseen.Cli.Commands;

/// <summary>`unseen classes RUN set CLASS`.</summary>
internal static class ClassesSetCommand
{
    private static readonly Argument<string> Name = CommonOptions.Text("CLASS", "Name of a class.");

    public static Command Create() => new Command("set", "Set attributes of a class; the others stay.")
    {
        Name, AttributeArguments.Required, ClassesCommand.DryRun, ClassesCommand.Json,
    }
        .Handle(Run);

    private static int Run(CommandContext context)
    {
        var classes = ClassesCommand.Open(context);
        var change = classes.Set(context.Get(Name), AttributeArguments.Parse(context.Get(AttributeArguments.Required)));
        return ClassesCommand.Finish(context, classes, "Changed", [change]);
    }
}
