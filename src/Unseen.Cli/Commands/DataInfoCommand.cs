using System.CommandLine;
using System.Globalization;
using Unseen.Data;
using Unseen.Semantics;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data info`.</summary>
internal static class DataInfoCommand
{
    private static readonly Argument<string> Folder = CommonOptions.Text("DIR", "Dataset folder.");
    private static readonly Option<double?> Presence = CommonOptions.Number("--presence",
        "A class has an attribute when its value reaches this: from 0 to 1, 0.5 by default; for scale raw any number, by default nothing is counted.", "VALUE",
        double.IsFinite, "a number");
    private static readonly Option<bool> Json = CommonOptions.Json();

    private const int ShownFrequencies = 3, ShownPairs = 5;

    public static Command Create() =>
        new Command("info", "Count classes, images, attributes and splits of a dataset folder.") { Folder, Presence, Json }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var folder = DatasetReader.Open(context.Get(Folder));
        var presence = context.Get(Presence);
        if (presence is < 0 or > 1 && folder.ClassAttributes.Scale != AttributeScale.Raw)
            throw new ConfigurationException([string.Create(CultureInfo.InvariantCulture,
                $"--presence is {presence}, expected a number from 0 to 1: values count as 0..1 whatever the scale of class_attributes.csv, unless it is raw.")]);
        var info = DatasetInfo.Of(folder, presence);
        if (context.Get(Json)) context.WriteJson(info);
        else Print(info, context.Output);
        return ExitCode.Done;
    }

    private static void Print(DatasetInfo info, TextWriter output)
    {
        var table = new TextTable("dataset", info.Name);
        void Row(string name, FormattableString value) => table.Add(name, value.ToString(CultureInfo.InvariantCulture));
        Row("classes", $"{info.Classes}: {info.SeenClasses} seen, {info.UnseenClasses} unseen, {info.ClassesWithoutImages} without images");
        Row("images", $"{info.Images}: {info.Trainval} trainval, {info.TestSeen} test_seen, {info.TestUnseen} test_unseen");
        Row("images per class", $"{info.ImagesPerClass.Minimum} to {info.ImagesPerClass.Maximum}, median {info.ImagesPerClass.Median}");
        foreach (var fold in info.Folds)
            Row($"fold {fold.Name}",
                $"{fold.TrainingClasses} + {fold.ValidationClasses} classes, {fold.TrainingImages} + {fold.ValidationImages} images");
        var attributes = info.Attributes;
        Row("attributes", $"{attributes.Count}, scale {attributes.Scale.ToString().ToLowerInvariant()}");
        Row("attribute values", $"{attributes.Minimum} to {attributes.Maximum}, mean {attributes.Mean:0.###}");
        Row("attribute zeros", $"{attributes.Zeros} zero, {attributes.Negatives} negative");
        Row("attribute groups", $"{info.AttributeGroups}, {info.GroupsOfOneAttribute} of them with a single attribute");
        if (info.Statistics is { } statistics) Print(statistics, "attributes", Row);
        else Row("occurring", $"--presence VALUE says from which value of scale raw a class has an attribute");
        if (info.WordVectorWidth > 0) Row("word vectors", $"{info.WordVectorWidth} wide");
        if (info.PartNames.Count > 0) Row("parts", $"{info.PartPlaces} places of {string.Join(", ", info.PartNames)}");
        if (info.Relations > 0) Row("relations", $"{info.Relations}");
        if (info.RelationStatistics is { } facts) Print(facts, "facts", Row);
        foreach (var (name, width) in info.OtherSemantics) Row($"semantics {name}", $"{width} wide");
        if (info.Published is { } published)
            Row($"published {published.Title}",
                $"{(info.PublishedDifferences.Count == 0 ? "the same" : "DIFFERS: " + string.Join("; ", info.PublishedDifferences))}");
        table.Write(output);
    }

    private static void Print(AttributeStatistics statistics, string things, Action<string, FormattableString> row)
    {
        var present = statistics.Frequencies.Where(f => f.Classes > 0).ToArray();
        row("occurring", $"{present.Length} {things} reach {statistics.Threshold} in a class, {statistics.Frequencies.Count - present.Length} in none");
        foreach (var (i, rare) in present.Take(ShownFrequencies).Index()) row(i == 0 ? "rarest" : "", $"{rare.Attribute}: {Classes(rare.Classes)}");
        foreach (var (i, common) in present.Reverse().Take(ShownFrequencies).Index()) row(i == 0 ? "commonest" : "", $"{common.Attribute}: {Classes(common.Classes)}");
        if (statistics.CoOccurrences is null) row("come together", $"not counted, more than {AttributeStatistics.MostForPairs} {things}");
        foreach (var (i, pair) in (statistics.CoOccurrences ?? []).Take(ShownPairs).Index())
            row(i == 0 ? "come together" : "", $"{pair.Attribute} with {pair.With}: {Classes(pair.Together)}, without: {pair.Alone}");
    }

    private static string Classes(int count) => CommandText.Of(count, "class", "classes");
}
