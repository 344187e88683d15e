using System.Globalization;

namespace Unseen.Data;

/// <summary>Reads tables of numbers: one named row per class or attribute, rows and columns found by name.</summary>
internal static class VectorReader
{
    public const string AttributesFile = "class_attributes.csv";

    /// <summary>class_attributes.csv: a column for every attribute. Values as they stand in the file; null when there are errors.</summary>
    public static float[,]? ReadAttributes(
        string folder, string file, NameIndex classes, NameIndex attributes, Func<float, string?> fault, DatasetProblems problems)
    {
        using var table = CsvTable.Open(folder, file, problems, StringComparer.Ordinal);
        if (table is null) return null;
        var key = table.Required("class");
        var columns = AttributeColumns(table, key, attributes, problems);
        return key < 0 || columns is null ? null : ReadRows(table, key, columns, classes, fault, "class", problems);
    }

    /// <summary>A table with columns v0, v1, ...; null when there are errors.</summary>
    public static float[,]? ReadVectors(string folder, string file, string kind, NameIndex rows, DatasetProblems problems)
    {
        using var table = CsvTable.Open(folder, file, problems, StringComparer.Ordinal);
        if (table is null) return null;
        var key = table.Required(kind);
        var columns = NumberedColumns(table, key, problems);
        if (key < 0 || columns is null) return null;
        var values = ReadRows(table, key, columns, rows, _ => null, kind, problems);
        if (values is not null) WarnZeroRows(values, file, kind, rows, problems);
        return values;
    }

    private static int[]? AttributeColumns(CsvTable table, int key, NameIndex attributes, DatasetProblems problems)
    {
        if (!attributes.Complete) return null;
        var columns = Enumerable.Repeat(-1, attributes.Names.Count).ToArray();
        for (var i = 0; i < table.Columns.Count; i++)
            if (i != key && attributes.TryGet(table.Columns[i], out var id)) columns[id] = i;
            else if (i != key) problems.Error(table.File, 1, $"Column: {attributes.Unknown(table.Columns[i])}");
        for (var a = 0; a < columns.Length; a++)
            if (columns[a] < 0)
                problems.Error(table.File, 1, $"The column of attribute {DatasetProblems.Shown(attributes.Names[a])} is missing. " +
                    $"Add it or delete the attribute from {AttributeReader.File}.");
        return columns.Length == 0 || columns.Contains(-1) ? null : columns;
    }

    private static int[]? NumberedColumns(CsvTable table, int key, DatasetProblems problems)
    {
        var width = table.Columns.Count - (key < 0 ? 0 : 1);
        var columns = Enumerable.Range(0, Math.Min(width, DatasetLimits.VectorWidth)).Select(i => table.Optional($"v{i}")).ToArray();
        var missing = Array.IndexOf(columns, -1);
        if (width > DatasetLimits.VectorWidth)
            problems.Error(table.File, 1, $"There are {width} columns; the limit is {DatasetLimits.VectorWidth}.");
        else if (width < 1 || missing >= 0)
            problems.Error(table.File, 1,
                $"Expected the columns v0, v1, ... up to v{Math.Max(0, width - 1)}; column 'v{Math.Max(0, missing)}' is missing.");
        else
            return columns;
        return null;
    }

    private static float[,]? ReadRows(
        CsvTable table, int key, int[] columns, NameIndex index, Func<float, string?> fault, string kind, DatasetProblems problems)
    {
        var names = index.Names;
        if ((long)names.Count * columns.Length > DatasetLimits.Values)
        {
            problems.Error(table.File, 0,
                $"{names.Count} rows of {columns.Length} values are more than the limit of {DatasetLimits.Values} values.");
            return null;
        }
        var rows = new float[]?[names.Count];
        while (table.Next())
            if (index.Find(table, table.Row[key]) is >= 0 and var id)
            {
                if (rows[id] is not null)
                    table.Error($"The {kind} {DatasetProblems.Shown(names[id])} appears twice. Delete one of the lines.");
                rows[id] = Array.ConvertAll(columns, c => Number(table, c, fault));
            }
        for (var i = 0; i < rows.Length; i++)
            if (rows[i] is null && table.Complete)
                problems.Error(table.File, 0, $"The line of {kind} {DatasetProblems.Shown(names[i])} is missing. Add it.");
        return problems.HasErrorsIn(table.File) || !index.Complete ? null : Matrix(rows!, columns.Length);
    }

    /// <summary>The number of a cell; a problem when it is none or <paramref name="fault"/> says what else is expected.</summary>
    public static float Number(CsvTable table, int column, Func<float, string?> fault)
    {
        var text = table.Row[column];
        var isNumber = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value);
        var wrong = isNumber ? fault(value) : "a finite number with a decimal point";
        if (wrong is not null)
            table.Error($"Column {DatasetProblems.Shown(table.Columns[column])}: expected {wrong}, found {DatasetProblems.Shown(text)}.");
        return value;
    }

    public static float[,] Matrix(IReadOnlyList<float[]> rows, int width)
    {
        var values = new float[rows.Count, width];
        for (var i = 0; i < rows.Count; i++)
            for (var j = 0; j < width; j++)
                values[i, j] = rows[i][j];
        return values;
    }

    /// <summary>A sentence for every row of zeros.</summary>
    public static IEnumerable<string> ZeroRows(float[,] values, string kind, IReadOnlyList<string> names) =>
        Enumerable.Range(0, values.GetLength(0)).Where(i => Enumerable.Range(0, values.GetLength(1)).All(j => values[i, j] == 0)).Select(i =>
            $"All values of {kind} {DatasetProblems.Shown(names[i])} are 0 (a word that is not in the vocabulary?). " +
            "Write another vector, or choose what methods do with zero rows.");

    private static void WarnZeroRows(float[,] values, string file, string kind, NameIndex rows, DatasetProblems problems)
    {
        foreach (var fault in ZeroRows(values, kind, rows.Names)) problems.Warning(file, 0, fault);
    }
}
