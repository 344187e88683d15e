namespace Unseen.Data;

/// <summary>Reads images.csv.</summary>
internal static class ImageReader
{
    public const string File = "images.csv";

    /// <summary>The names of the splits as they stand in images.csv, in the order of <see cref="ImageSplit"/>.</summary>
    public static readonly IReadOnlyList<string> SplitNames = ["trainval", "test_seen", "test_unseen"];

    public static ImageTable Read(string folder, NameIndex classes, DatasetProblems problems)
    {
        var result = ImageTable.Empty;
        using var table = CsvTable.Open(folder, File, problems, StringComparer.OrdinalIgnoreCase);
        if (table is null) return result;
        var (file, name, split) = (table.Required("file"), table.Required("class"), table.Required("split"));
        table.WarnUnknownColumns(["file", "class", "split"]);
        if (file < 0 || name < 0 || split < 0) return result;
        while (result.Entries.Count < DatasetLimits.Images && table.Next())
            ReadRow(table, table.Row[file], classes.Find(table, table.Row[name]), Split(table, table.Row[split]), result);
        if (result.Entries.Count == DatasetLimits.Images && table.Next())
            table.Error($"There are more than {DatasetLimits.Images} images, which is the limit.");
        result.Complete = table.Complete;
        return result;
    }

    /// <summary>Why a path must not be used inside the images folder; null when it may.</summary>
    public static string? Fault(string file)
    {
        if (file.Length == 0) return "is empty";
        if (file.Contains('\\', StringComparison.Ordinal)) return "has a backslash; write '/'";
        if (file.Any(char.IsControl)) return "has a control character";
        if (file[0] == '/' || (file.Length > 1 && file[1] == ':' && char.IsAsciiLetter(file[0]))) return "is absolute";
        return file.Split('/').Any(s => s is "" or "." or "..") ? "has an empty, '.' or '..' part" : null;
    }

    private static void ReadRow(CsvTable table, string file, int @class, ImageSplit? split, ImageTable result)
    {
        if (Fault(file) is { } fault)
            table.Error($"The file {DatasetProblems.Shown(file)} {fault}. " +
                "Expected a path below the images folder, with '/' between folders.");
        else if (result.Ids.TryGetValue(file, out var other))
            table.Error(Repeated(file, split, result.Entries[other], result.Lines[other]));
        else
            result.Add(new(file, split is null ? ImageTable.Wrong : @class, split ?? default), table.Line);
    }

    private static string Repeated(string file, ImageSplit? split, ImageEntry first, int line) =>
        $"The image {DatasetProblems.Shown(file)} appears twice, first in line {line}" +
            (split is null || first.Class == ImageTable.Wrong || split == first.Split ? "" :
            $", and the splits overlap: {SplitNames[(int)first.Split]} and {SplitNames[(int)split]}") + ". Delete one of the lines.";

    private static ImageSplit? Split(CsvTable table, string text)
    {
        for (var i = 0; i < SplitNames.Count; i++)
            if (SplitNames[i].Equals(text, StringComparison.OrdinalIgnoreCase)) return (ImageSplit)i;
        table.Error($"Column 'split' must be {string.Join(", ", SplitNames)}, found {DatasetProblems.Shown(text)}." +
            DatasetProblems.Suggestion(text, SplitNames));
        return null;
    }
}

/// <summary>The rows of images.csv, their ids by file name and the lines they stand in.</summary>
internal sealed record ImageTable(Dictionary<string, int> Ids, List<ImageEntry> Entries, List<int> Lines)
{
    /// <summary>Class of an image whose class or split is wrong; it is kept so that its file is checked and known.</summary>
    public const int Wrong = -1;

    /// <summary>False when the file could not be read whole.</summary>
    public bool Complete { get; set; }

    public static ImageTable Empty => new(new(StringComparer.Ordinal), [], []);

    public void Add(ImageEntry entry, int line)
    {
        Ids.Add(entry.File, Entries.Count);
        Entries.Add(entry);
        Lines.Add(line);
    }
}
