using System.CommandLine;
using System.Globalization;
using Unseen.Classification;
using Unseen.Experiments;

namespace Unseen.Cli.Commands;

/// <summary>`unseen classes RUN show CLASS`.</summary>
internal static class ClassesShowCommand
{
    private const int DefaultTop = 15;
    private const int SimilarShown = 3;

    private static readonly Argument<string> Name = CommonOptions.Text("CLASS", "Name of a class.");
    private static readonly Option<int?> Top = CommonOptions.AtLeastOne("--top", $"Attributes to show, strongest first; {DefaultTop} by default.");

    public static Command Create() =>
        new Command("show", "Show the attributes of a class, 0..1, and the classes most similar to it.") { Name, Top, ClassesCommand.Json }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var classes = ClassesCommand.Open(context);
        var found = classes.Find(context.Get(Name));
        var similar = classes.SimilarTo(found.Name).Take(SimilarShown).ToList();
        var attributes = Attributes(classes.Record, found).OrderByDescending(a => a.Value).ToList();
        if (context.Get(ClassesCommand.Json))
            context.WriteJson(new { found.Name, unseen = !found.Seen, attributes = attributes.ToDictionary(a => a.Name, a => a.Value), similar });
        else
            Write(context, found, [.. attributes.Take(context.Get(Top) ?? DefaultTop)], similar);
        return ExitCode.Done;
    }

    private static IEnumerable<(string Name, string Phrase, double Value)> Attributes(ModelRecord record, ModelClass found) =>
        record.Attributes.Zip(record.UnitValues(found.Values), (a, value) => (a.Name, a.Phrase, value));

    private static void Write(
        CommandContext context, ModelClass found, IReadOnlyList<(string Name, string Phrase, double Value)> attributes, List<SimilarClass> similar)
    {
        context.Output.WriteLine($"{found.Name} ({(found.Seen ? "seen" : "unseen")})");
        var table = new TextTable("attribute", "phrase", "value");
        foreach (var (name, phrase, value) in attributes) table.Add(name, phrase, value.ToString("0.000", CultureInfo.InvariantCulture));
        table.Write(context.Output);
        if (similar.Count > 0) context.Output.WriteLine("\nmost similar: " + string.Join(", ", similar.Select(s => FormattableString.Invariant($"{s.Class} (cosine {s.Cosine:0.000})"))));
    }
}
