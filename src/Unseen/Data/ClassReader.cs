namespace Unseen.Data;

/// <summary>Reads classes.csv.</summary>
internal static class ClassReader
{
    public const string File = "classes.csv";

    public static ClassTable Read(string folder, DatasetProblems problems)
    {
        var result = new ClassTable(new("class", File), [], []);
        using var table = CsvTable.Open(folder, File, problems, StringComparer.OrdinalIgnoreCase);
        if (table is null) return result;
        var (name, split) = (table.Required("class"), table.Required("split"));
        var folds = Enumerable.Range(0, table.Columns.Count).Where(i => IsFold(table.Columns[i])).ToArray();
        table.WarnUnknownColumns(["class", "split", "validation"], IsFold);
        if (name < 0 || split < 0) return result;
        if (folds.Length > DatasetLimits.ValidationFolds)
        {
            problems.Error(File, 1, $"There are {folds.Length} validation columns; the limit is {DatasetLimits.ValidationFolds}.");
            return result;
        }
        result.Folds.AddRange(folds.Select(f => table.Columns[f]));
        while (result.Entries.Count < DatasetLimits.Classes && table.Next())
            if (result.Index.Add(table, table.Row[name]))
                result.Entries.Add(new(table.Row[name], IsSeen(table, table.Row[split]), ReadFolds(table, folds)));
        if (result.Entries.Count == DatasetLimits.Classes && table.Next())
            table.Error($"There are more than {DatasetLimits.Classes} classes, which is the limit.");
        result.Index.Complete = table.Complete;
        return result;
    }

    private static bool IsFold(string column) => column.StartsWith("validation", StringComparison.OrdinalIgnoreCase);

    private static bool IsSeen(CsvTable table, string text)
    {
        var seen = text.Equals("seen", StringComparison.OrdinalIgnoreCase);
        if (!seen && !text.Equals("unseen", StringComparison.OrdinalIgnoreCase))
            table.Error($"Column 'split' must be seen or unseen, found {DatasetProblems.Shown(text)}.");
        return seen;
    }

    private static bool[] ReadFolds(CsvTable table, int[] folds) => [.. folds.Select(fold =>
    {
        if (!bool.TryParse(table.Row[fold], out var validation))
            table.Error($"Column '{table.Columns[fold]}' must be true or false, found {DatasetProblems.Shown(table.Row[fold])}.");
        return validation;
    })];
}

/// <summary>The rows of classes.csv with their names and the names of the validation columns.</summary>
internal sealed record ClassTable(NameIndex Index, List<ClassEntry> Entries, List<string> Folds);
