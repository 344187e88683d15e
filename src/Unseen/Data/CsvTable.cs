using System.Text;
using CsvHelper;

namespace Unseen.Data;

/// <summary>One CSV file of a dataset folder, read row by row; columns are found by name and every fault becomes a problem.</summary>
internal sealed class CsvTable : IDisposable
{
    private const string Malformed = "A double quote is in the wrong place or not closed. " +
        "Put the whole cell in double quotes and write \"\" for a quote inside; cells have no line breaks.";

    private readonly DatasetProblems problems;
    private readonly CsvReader reader;

    private CsvTable(StreamReader text, string file, DatasetProblems problems)
    {
        File = file;
        this.problems = problems;
        reader = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            AllowLineBreaksInQuotes = false,
            MaxRecordSize = DatasetLimits.LineBytes,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = record => Incomplete((int)record.LineNumber, Malformed),
        }, leaveOpen: false);
    }

    /// <summary>Path relative to the dataset folder.</summary>
    public string File { get; }

    /// <summary>Column names, in file order.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Line of the current row, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>False when a row had to be left out: then other files are not blamed for naming what may stand in it.</summary>
    public bool Complete { get; private set; } = true;

    /// <summary>Cells of the current row, as many as there are columns.</summary>
    public string[] Row { get; private set; } = [];

    /// <summary>Opens the file and reads its header; null (with a problem) when that is impossible.</summary>
    public static CsvTable? Open(string folder, string file, DatasetProblems problems, IEqualityComparer<string> columnNames)
    {
        var path = Path.Combine(folder, file);
        return FileSize.IsWithin(path, file, DatasetLimits.CsvBytes, problems) ? Open(() => Utf8Text.Open(path), file, problems, columnNames) : null;
    }

    /// <summary>As above, of text that is no file; whoever gives it bounds its length.</summary>
    public static CsvTable? Open(Func<StreamReader> open, string file, DatasetProblems problems, IEqualityComparer<string> columnNames)
    {
        CsvTable? table = null;
        try
        {
            table = new CsvTable(open(), file, problems);
            if (table.ReadHeader(columnNames)) return table;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(file, 0, $"The file cannot be read: {e.Message}");
        }
        table?.Dispose();
        return null;
    }

    /// <summary>Moves to the next row with the right number of cells; false at the end or when the file cannot be read on.</summary>
    public bool Next()
    {
        while (ReadRecord() is { } cells)
        {
            if (cells.All(c => c.Length == 0)) continue;
            if (cells.Length == Columns.Count) return true;
            Incomplete(Line, $"Expected {Columns.Count} cells (one per column of the header), found {cells.Length}. " +
                "Put cells that contain a comma in double quotes.");
        }
        return false;
    }

    /// <summary>Index of a column that must be there; -1 (with a problem) when it is missing.</summary>
    public int Required(string name)
    {
        var index = Optional(name);
        if (index >= 0) return index;
        var single = Columns.Count == 1 && Columns[0].AsSpan().IndexOfAny(';', '\t') >= 0;
        problems.Error(File, 1, $"Column '{name}' is missing; found: {ColumnList()}." +
            (single ? " The cells seem to be separated by something else: save the file with commas." :
                DatasetProblems.Suggestion(name, [.. Columns]).Replace("Did you mean", "Rename", StringComparison.Ordinal)
                    .Replace('?', '.')));
        return -1;
    }

    /// <summary>Index of a column, -1 when there is none.</summary>
    public int Optional(string name)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (Columns[i].Equals(name, StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }

    /// <summary>Warns of columns that mean nothing here.</summary>
    public void WarnUnknownColumns(IReadOnlyList<string> known, Func<string, bool>? alsoKnown = null)
    {
        foreach (var column in Columns)
            if (!known.Contains(column, StringComparer.OrdinalIgnoreCase) && alsoKnown?.Invoke(column) != true)
                problems.Warning(File, 1, $"Column {DatasetProblems.Shown(column)} is not known and is ignored." +
                    DatasetProblems.Suggestion(column, known) + $" Known: {string.Join(", ", known)}.");
    }

    /// <summary>Reports a problem at the current row.</summary>
    public void Error(string message) => problems.Error(File, Line, message);

    /// <summary>Reports a warning at the current row.</summary>
    public void Warning(string message) => problems.Warning(File, Line, message);

    public void Dispose() => reader.Dispose();

    private void Incomplete(int line, string message)
    {
        Complete = false;
        problems.Error(File, line, message);
    }

    private bool ReadHeader(IEqualityComparer<string> columnNames)
    {
        if (ReadRecord() is not { } names)
        {
            if (!problems.HasErrorsIn(File))
                problems.Error(File, 1, "The file is empty. Expected a header line with the names of the columns.");
            return false;
        }
        Columns = names;
        var seen = new HashSet<string>(columnNames);
        var repeated = names.Where(n => !seen.Add(n)).ToList();
        foreach (var name in repeated)
            problems.Error(File, Line, name.Length == 0
                ? "Several columns of the header have no name. Name or delete them."
                : $"Column {DatasetProblems.Shown(name)} appears twice in the header. Rename or delete one of them.");
        return repeated.Count == 0;
    }

    private string[]? ReadRecord()
    {
        try
        {
            if (!reader.Read()) return null;
            Line = (int)reader.LineNumber;
            Row = reader.Current.ToArray();
            if (Row.Any(c => c.Length > DatasetLimits.CellCharacters))
                Error($"A cell is longer than {DatasetLimits.CellCharacters} characters, which is the limit.");
            return Row;
        }
        catch (DecoderFallbackException)
        {
            Incomplete(Line + 1, "The text from about here on is not UTF-8. Save the file as UTF-8.");
        }
        catch (CsvFormatException)
        {
            Incomplete(Line + 1, $"The line is longer than {DatasetLimits.LineBytes} bytes, which is the limit.");
        }
        catch (IOException e)
        {
            Incomplete(Line + 1, $"The file cannot be read on from here: {e.Message}");
        }
        return null;
    }

    private string ColumnList() => string.Join(", ", Columns.Take(10).Select(DatasetProblems.Shown)) + (Columns.Count > 10 ? ", ..." : "");
}
