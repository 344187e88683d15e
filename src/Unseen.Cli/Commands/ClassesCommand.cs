using System.CommandLine;
using Unseen.Classification;

namespace Unseen.Cli.Commands;

/// <summary>`unseen classes RUN ...`: what its sub-commands share.</summary>
internal static class ClassesCommand
{
    public static readonly Argument<string> RunFolder = CommonOptions.Text("RUN", "Run folder or its model folder.");
    public static readonly Option<bool> Json = CommonOptions.Json();
    public static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would change, and change nothing." };
    public static readonly Option<string?> Like = new("--like")
    {
        Description = "Class that gives the values of attributes which are left out; the nearest one by default.",
        HelpName = "CLASS",
    };
    public static readonly Option<string?> Rest = new Option<string?>("--rest")
    {
        Description = "Where the values of attributes that are left out come from.",
    }
        .AcceptOnlyFromAmong("nearest", "mean");

    public static Command Create() => new("classes", "Look at the classes of a trained model and change them: no training.")
    {
        RunFolder,
        ClassesListCommand.Create(),
        ClassesShowCommand.Create(),
        ClassesAddCommand.Create(),
        ClassesSetCommand.Create(),
        ClassesRemoveCommand.Create(),
        ClassesImportCommand.Create(),
        ClassesUndoCommand.Create(),
    };

    public static ModelClasses Open(CommandContext context) => ModelClasses.Open(context.Get(RunFolder));

    /// <summary>Refuses both ways to say where missing values come from.</summary>
    public static Command WithFilling(this Command command)
    {
        command.Options.Add(Like);
        command.Options.Add(Rest);
        return command.RefuseBoth(Like, Rest);
    }

    /// <summary>Where missing values come from; null when the user did not say.</summary>
    public static MissingAttributes? Filling(CommandContext context) =>
        context.Get(Like) is { } like ? MissingAttributes.Like(like)
        : context.Get(Rest) switch { "mean" => MissingAttributes.Mean, "nearest" => MissingAttributes.Nearest, _ => null };

    /// <summary>Saves unless it is a dry run, and tells what was done.</summary>
    public static int Finish(CommandContext context, ModelClasses classes, string verb, IReadOnlyList<ClassAddition> additions)
    {
        if (!context.Get(DryRun)) classes.Save();
        if (context.Get(Json)) context.WriteJson(additions);
        else foreach (var addition in additions) Tell(context, verb, addition);
        return ExitCode.Done;
    }

    private static void Tell(CommandContext context, string verb, ClassAddition addition)
    {
        const int shown = 5;
        var prefix = context.Get(DryRun) ? "Would have " + verb.ToLowerInvariant() : verb;
        context.Output.WriteLine($"{prefix} '{addition.Class}' ({(addition.Seen ? "seen" : "unseen")}): {CommandText.Of(addition.Given, "attribute")} given"
            + (addition.Filled == 0 ? "." : $", {Filled(addition, shown)}."));
        foreach (var note in addition.Notes) context.Output.WriteLine($"  {note}");
        if (addition.Similar.Count > 0) context.Error.WriteLine(Similarity(addition, shown));
    }

    private static string Similarity(ClassAddition addition, int shown)
    {
        var all = string.Join(", ", addition.Similar.Take(shown).Select(s => FormattableString.Invariant($"'{s.Class}' ({(s.Seen ? "seen" : "unseen")}, cosine {s.Cosine:0.000})")));
        var taken = string.Join(" and ", addition.Similar.Take(shown).Where(s => s.Seen && !addition.Seen).Select(s => $"'{s.Class}'"));
        return $"Warning: '{addition.Class}' is very similar to {all}: the model will confuse them. "
            + (taken.Length == 0 ? "" : $"Pictures of {taken} may get the name '{addition.Class}', since calibration favours unseen classes. ")
            + "Give attributes that tell them apart" + (addition.Filled > 0 && addition.FilledFrom is [var only] && only == addition.Similar[0].Class
                ? ", or take the rest from the mean of all classes with --rest mean." : ".");
    }

    private static string Filled(ClassAddition addition, int shown) => addition.FilledFrom is [var only] && only == addition.Class
        ? $"{CommandText.Of(addition.Filled)} kept" : $"{CommandText.Of(addition.Filled)} from {From(addition.FilledFrom, shown)}";

    private static string From(IReadOnlyList<string> sources, int shown) => sources switch
    {
        [var only] => only,
        _ when sources.Count <= shown => $"the mean of {string.Join(", ", sources)}, which are equally near",
        _ => $"the mean of {CommandText.Of(sources.Count)} classes that are equally near, among them {string.Join(", ", sources.Take(shown))}",
    };
}
