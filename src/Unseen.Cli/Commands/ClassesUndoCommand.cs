using System.CommandLine;
using Unseen.Classification;

namespace Unseen.Cli.Commands;

/// <summary>`unseen classes RUN undo`.</summary>
internal static class ClassesUndoCommand
{
    public static Command Create() => new Command("undo", "Take the last change back; once more brings it again.") { ClassesCommand.DryRun, ClassesCommand.Json }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var classes = ClassesCommand.Open(context);
        var taken = classes.Undo();
        var isDry = context.Get(ClassesCommand.DryRun);
        if (!isDry) classes.Save();
        if (context.Get(ClassesCommand.Json)) context.WriteJson(taken);
        else foreach (var change in taken) Tell(context, classes, change, isDry ? "Would have taken" : "Took");
        return ExitCode.Done;
    }

    private static void Tell(CommandContext context, ModelClasses classes, ClassHistoryEntry change, string verb) =>
        context.Output.WriteLine($"{verb} back change {CommandText.Of(change.Change)}, {ClassChangeText.Action(change)} '{change.Class}'" + change.Action switch
        {
            "add" => ": the class is gone.",
            "remove" => ": the class is back.",
            _ when ClassChangeText.DifferenceBack(classes.Record, change) is { Length: > 0 } difference => $": {difference}.",
            _ => ".",
        });
}
