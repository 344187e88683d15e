using System.Globalization;
using Unseen.Data.Formats;

namespace Unseen.Data.Import;

/// <summary>Reads the plain text tables of the public datasets: one record per line, columns separated by blanks or commas.</summary>
internal static class TextTable
{
    private const long MaximumBytes = 256 << 20;

    /// <summary>The lines that are not blank, trimmed.</summary>
    internal static List<string> Lines(string path) => FileErrors.Guard(path, () =>
        new FileInfo(path).Length <= MaximumBytes
            ? File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0).ToList()
            : throw new DatasetFormatException(path, $"the text file is larger than the limit of {MaximumBytes} bytes."));

    /// <summary>Names, with or without a number in front ("1 name", "1&lt;tab&gt;name", "name").</summary>
    internal static List<string> Names(string path) => [.. Lines(path).Select((line, index) =>
        line.IndexOfAny([' ', '\t']) is > 0 and var at && line[..at] == (index + 1).ToString(CultureInfo.InvariantCulture)
            ? line[at..].Trim() : line)];

    /// <summary>Lines "number text", the number counting 1, 2, 3.</summary>
    internal static string[] Numbered(string path)
    {
        var lines = Lines(path);
        var values = new string[lines.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var at = lines[i].IndexOfAny([' ', '\t']);
            if (at < 0 || lines[i][..at] != (i + 1).ToString(CultureInfo.InvariantCulture))
                throw new DatasetFormatException(path, $"line {i + 1} must start with the number {i + 1}, found '{lines[i]}'.");
            values[i] = lines[i][at..].Trim();
        }
        return values;
    }

    /// <summary>A table of numbers.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="columns">Numbers per line; 0 to take as many as the first line has.</param>
    internal static float[,] Numbers(string path, int columns = 0)
    {
        var lines = Lines(path);
        var first = lines.Count == 0 ? [] : Split(lines[0]);
        columns = columns == 0 ? first.Length : columns;
        var values = new float[lines.Count, columns];
        for (var row = 0; row < lines.Count; row++)
        {
            var fields = Split(lines[row]);
            if (fields.Length != columns)
                throw new DatasetFormatException(path, $"line {row + 1} must have {columns} numbers, found {fields.Length}.");
            for (var column = 0; column < columns; column++)
                values[row, column] = Number(path, row, fields[column]);
        }
        return values;
    }

    /// <summary>A whole number of a table, for messages with its row from 0.</summary>
    internal static int Integer(string path, int row, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new DatasetFormatException(path, $"line {row + 1}: '{text}' is not a whole number.");

    private static string[] Split(string line) => line.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);

    private static float Number(string path, int row, string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw new DatasetFormatException(path, $"line {row + 1}: '{text}' is not a finite number.");
}
