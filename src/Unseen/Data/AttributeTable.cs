using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>A table of classes x attributes as a user keeps it: the first column is the class, whatever it is called.</summary>
internal sealed record AttributeTable(NameIndex Classes, IReadOnlyList<string> Attributes, float[,] Values)
{
    public static AttributeTable Read(string path, AttributeScale? scale, DatasetProblems problems)
    {
        var (folder, file) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        var classes = new NameIndex("class", file);
        using var table = CsvTable.Open(folder, file, problems, StringComparer.Ordinal);
        if (table is null) return new(classes, [], new float[0, 0]);
        var rows = new List<float[]>();
        while ((rows.Count + 1L) * table.Columns.Count <= DatasetLimits.Values && table.Next())
            if (classes.Add(table, table.Row[0]))
                rows.Add([.. Enumerable.Range(1, table.Columns.Count - 1)
                    .Select(c => VectorReader.Number(table, c, v => DatasetReader.ScaleFault(v, scale)))]);
        classes.Complete = table.Complete;
        if (table.Columns.Count < 2 || table.Columns.Skip(1).Any(c => c.Length == 0) || rows.Count == 0)
            problems.Error(file, 1,
                "Expected a header with the class and at least one named attribute, separated by commas, and a line for every class.");
        return new(classes, [.. table.Columns.Skip(1)], VectorReader.Matrix(rows, table.Columns.Count - 1));
    }

    /// <summary>Unit for values of 0..1, percent for 0..100 (-1 is a usual mark of a missing value), raw for anything else.</summary>
    public AttributeScale GuessScale(List<string> notes)
    {
        var values = Values.Cast<float>().ToArray();
        var (least, greatest) = (values.Min(), values.Max());
        var scale = values.Any(v => v < 0 && v != -1) || greatest > 100 ? AttributeScale.Raw : greatest > 1 ? AttributeScale.Percent
            : AttributeScale.Unit;
        var name = scale.ToString().ToLowerInvariant();
        notes.Add(FormattableString.Invariant($"The attribute values range from {least} to {greatest}: scale {name}. ") +
            "Correct 'scale' in dataset.yaml if that is wrong.");
        return scale;
    }
}
