using System.CommandLine;
using Unseen.Classification;

namespace Unseen.Cli.Commands;

/// <summary>`unseen classes RUN list`.</summary>
internal static class ClassesListCommand
{
    private static readonly Option<bool> History = new("--history") { Description = "List the changes since training instead." };

    public static Command Create() => new Command("list", "List the classes of a model.") { History, ClassesCommand.Json }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var classes = ClassesCommand.Open(context);
        if (context.Get(History)) WriteHistory(context, classes);
        else if (context.Get(ClassesCommand.Json)) context.WriteJson(classes.Record.Classes.Select(c => new { c.Name, unseen = !c.Seen }));
        else WriteClasses(context, classes);
        return ExitCode.Done;
    }

    private static void WriteClasses(CommandContext context, ModelClasses classes)
    {
        var table = new TextTable("class", "split");
        foreach (var entry in classes.Record.Classes) table.Add(entry.Name, entry.Seen ? "seen" : "unseen");
        table.Write(context.Output);
        var unseen = classes.Record.Classes.Count(c => !c.Seen);
        context.Output.WriteLine($"\n{CommandText.Of(classes.Record.Classes.Count, "class", "classes")}, {CommandText.Of(unseen)} of them unseen; "
            + $"method {classes.Record.Method}, {CommandText.Of(classes.Record.ClassChanges, "change")} since training.");
    }

    private static void WriteHistory(CommandContext context, ModelClasses classes)
    {
        if (context.Get(ClassesCommand.Json))
        {
            context.WriteJson(classes.History);
            return;
        }
        var table = new TextTable("change", "time", "action", "class", "difference", "values filled from");
        foreach (var entry in classes.History)
            table.Add(CommandText.Of(entry.Change), entry.Time.ToString("u", System.Globalization.CultureInfo.InvariantCulture), ClassChangeText.Action(entry), entry.Class,
                ClassChangeText.Difference(classes.Record, entry),
                string.Join(", ", entry.FilledFrom.Take(3)) + (entry.FilledFrom.Count > 3 ? ", ..." : ""));
        table.Write(context.Output);
    }
}
