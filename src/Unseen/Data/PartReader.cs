using System.Globalization;

namespace Unseen.Data;

/// <summary>Reads the optional parts.csv and relations.csv.</summary>
internal static class PartReader
{
    public const string PartsFile = "parts.csv";
    public const string RelationsFile = "relations.csv";

    public static List<PartEntry> ReadParts(string folder, ImageTable images, List<AttributeEntry> attributes, DatasetProblems problems)
    {
        var entries = new List<PartEntry>();
        using var table = CsvTable.Open(folder, PartsFile, problems, StringComparer.OrdinalIgnoreCase);
        if (table is null) return entries;
        var (file, part, x, y) = (table.Required("file"), table.Required("part"), table.Required("x"), table.Required("y"));
        table.WarnUnknownColumns(["file", "part", "x", "y"]);
        if (file < 0 || part < 0 || x < 0 || y < 0) return entries;
        var known = new HashSet<(int, string)>();
        while (entries.Count < DatasetLimits.Rows && table.Next())
            if (Image(table, table.Row[file], images) is >= 0 and var image)
            {
                if (!known.Add((image, table.Row[part])))
                    table.Error($"The part {DatasetProblems.Shown(table.Row[part])} of this image appears twice. Delete one of the lines.");
                entries.Add(new(image, table.Row[part], Place(table, x), Place(table, y)));
            }
        if (entries.Count == DatasetLimits.Rows && table.Next())
            table.Error($"There are more than {DatasetLimits.Rows} lines, which is the limit.");
        if (!problems.HasErrors) WarnUnknownParts(attributes, entries, problems);
        return entries;
    }

    public static List<RelationEntry> ReadRelations(string folder, NameIndex classes, DatasetProblems problems)
    {
        var entries = new List<RelationEntry>();
        using var table = CsvTable.Open(folder, RelationsFile, problems, StringComparer.OrdinalIgnoreCase);
        if (table is null) return entries;
        var (name, relation, value) = (table.Required("class"), table.Required("relation"), table.Required("value"));
        table.WarnUnknownColumns(["class", "relation", "value"]);
        if (name < 0 || relation < 0 || value < 0) return entries;
        while (entries.Count < DatasetLimits.Rows && table.Next())
        {
            if (table.Row[relation].Length == 0 || table.Row[value].Length == 0)
                table.Error("Columns 'relation' and 'value' must not be empty.");
            entries.Add(new(classes.Find(table, table.Row[name]), table.Row[relation], table.Row[value]));
        }
        if (entries.Count == DatasetLimits.Rows && table.Next())
            table.Error($"There are more than {DatasetLimits.Rows} lines, which is the limit.");
        return entries;
    }

    private static void WarnUnknownParts(List<AttributeEntry> attributes, List<PartEntry> entries, DatasetProblems problems)
    {
        var placed = entries.Select(e => e.Part).ToHashSet(StringComparer.Ordinal);
        foreach (var part in attributes.SelectMany(a => a.Parts).Distinct(StringComparer.Ordinal).Where(p => !placed.Contains(p)))
            problems.Warning(AttributeReader.File, 0, $"The part {DatasetProblems.Shown(part)} is never placed in {PartsFile}." +
                DatasetProblems.Suggestion(part, placed));
    }

    private static int Image(CsvTable table, string file, ImageTable images)
    {
        if (images.Ids.TryGetValue(file, out var id)) return id;
        if (images.Complete)
            table.Error($"The image {DatasetProblems.Shown(file)} is not in {ImageReader.File}. Correct the name or delete the line.");
        return -1;
    }

    private static float Place(CsvTable table, int column)
    {
        var text = table.Row[column];
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || value is not (>= 0 and <= 1))
            table.Error($"Column '{table.Columns[column]}' must be 0..1 (a fraction of the image), found {DatasetProblems.Shown(text)}.");
        return value;
    }
}
