namespace Unseen.Cli;

/// <summary>A table of text, columns aligned by spaces: good to read and to cut by line tools; never wrapped.</summary>
internal sealed class TextTable(params IReadOnlyList<string> header)
{
    private readonly List<IReadOnlyList<string>> rows = [header];

    /// <summary>Adds a row.</summary>
    public void Add(params IReadOnlyList<string> cells) => rows.Add([.. cells.Select(PrintableWriter.OneLine)]);

    /// <summary>Writes the header, a rule and the rows.</summary>
    public void Write(TextWriter writer)
    {
        var widths = header.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        WriteRow(writer, header, widths);
        WriteRow(writer, [.. widths.Select(width => new string('-', width))], widths);
        foreach (var row in rows.Skip(1)) WriteRow(writer, row, widths);
    }

    private static void WriteRow(TextWriter writer, IReadOnlyList<string> cells, List<int> widths) =>
        writer.WriteLine(string.Join("  ", cells.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
}
