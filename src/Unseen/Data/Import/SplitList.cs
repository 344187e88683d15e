using System.Globalization;
using CsvHelper;
using Unseen.Data.Formats;

namespace Unseen.Data.Import;

/// <summary>An image of a split list.</summary>
internal sealed record SplitListEntry(string File, int? Label, ImageSplit Split);

/// <summary>Reads the Proposed Split as a CSV with the columns image, split and (optional) label0_xlsa17.</summary>
internal static class SplitList
{
    private const int MaximumRecordBytes = 1 << 16;

    internal static List<SplitListEntry> Read(string path) => FileErrors.Guard(path, () =>
    {
        try
        {
            var options = new CsvReaderOptions { Separator = ',', AllowLineBreaksInQuotes = false, MaxRecordSize = MaximumRecordBytes };
            using var csv = CsvReader.FromFile(path, options, FileOptions.SequentialScan);
            return ReadRows(path, csv);
        }
        catch (CsvFormatException e)
        {
            throw new DatasetFormatException(path, $"not a CSV with the columns image and split: {e.Message}", e);
        }
    });

    private static List<SplitListEntry> ReadRows(string path, CsvReader csv)
    {
        var entries = new List<SplitListEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        csv.ReadHeader();
        var (image, label, split) = (Column(csv, "image"), Column(csv, "label0_xlsa17"), Column(csv, "split"));
        if (image < 0 || split < 0)
            throw new DatasetFormatException(path, $"the columns image and split are needed, found: {string.Join(", ", csv.Headers)}.");
        while (csv.Read())
        {
            if (csv.FieldCount != csv.Headers.Count)
                throw new DatasetFormatException(path, $"line {entries.Count + 2} has {csv.FieldCount} cells, expected " +
                    $"{csv.Headers.Count}.");
            var file = csv.GetString(image);
            if (!names.Add(file))
                throw new DatasetFormatException(path, $"image '{file}' is listed twice. No image may be in two splits.");
            var hasLabel = int.TryParse(label < 0 ? "" : csv.GetString(label), NumberStyles.Integer, CultureInfo.InvariantCulture,
                out var number);
            entries.Add(new(file, hasLabel ? number : null, Split(path, file, csv.GetString(split))));
        }
        return entries;
    }

    private static int Column(CsvReader csv, string name)
    {
        for (var i = 0; i < csv.Headers.Count; i++)
            if (csv.Headers[i] == name)
                return i;
        return -1;
    }

    private static ImageSplit Split(string path, string file, string name) => name switch
    {
        "trainval" => ImageSplit.Trainval,
        "test_seen" => ImageSplit.TestSeen,
        "test_unseen" => ImageSplit.TestUnseen,
        _ => throw new DatasetFormatException(path, $"image '{file}' has the split '{name}', expected trainval, test_seen or test_unseen."),
    };
}
