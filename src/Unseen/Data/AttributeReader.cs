namespace Unseen.Data;

/// <summary>Reads attributes.csv.</summary>
internal static class AttributeReader
{
    public const string File = "attributes.csv";

    public static (NameIndex Index, List<AttributeEntry> Entries) Read(string folder, DatasetProblems problems)
    {
        var index = new NameIndex("attribute", File);
        var entries = new List<AttributeEntry>();
        using var table = CsvTable.Open(folder, File, problems, StringComparer.OrdinalIgnoreCase);
        if (table is null) return (index, entries);
        var (name, group, phrase) = (table.Required("attribute"), table.Required("group"), table.Required("phrase"));
        var parts = table.Optional("parts");
        table.WarnUnknownColumns(["attribute", "group", "phrase", "parts"]);
        if (name < 0 || group < 0 || phrase < 0) return (index, entries);
        while (entries.Count < DatasetLimits.Attributes && table.Next())
            if (index.Add(table, table.Row[name]))
                entries.Add(new(table.Row[name], table.Row[group], Phrase(table, phrase), parts < 0 ? [] : Parts(table, table.Row[parts])));
        if (entries.Count == DatasetLimits.Attributes && table.Next())
            table.Error($"There are more than {DatasetLimits.Attributes} attributes, which is the limit.");
        index.Complete = table.Complete;
        if (entries.Count == 0 && !problems.HasErrorsIn(File)) problems.Error(File, 0, "There is no attribute. Add at least one line.");
        return (index, entries);
    }

    private static string Phrase(CsvTable table, int column)
    {
        if (table.Row[column].Length == 0)
            table.Warning("The phrase is empty. Methods that read the attribute as text need words, for example 'blue wing color'.");
        return table.Row[column];
    }

    private static string[] Parts(CsvTable table, string text)
    {
        if (text.Length == 0) return [];
        var parts = text.Split('|', StringSplitOptions.TrimEntries);
        if (parts.Any(p => p.Length == 0) || parts.Distinct(StringComparer.Ordinal).Count() < parts.Length)
            table.Error($"Column 'parts' must list different part names separated by '|', found {DatasetProblems.Shown(text)}.");
        return parts;
    }
}
