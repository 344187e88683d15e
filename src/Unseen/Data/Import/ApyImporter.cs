using SkiaSharp;

namespace Unseen.Data.Import;

/// <summary>
/// Makes a dataset folder from the official layout of aPascal and aYahoo (Farhadi et al. 2009): attribute_data with apascal_train.txt,
/// apascal_test.txt and ayahoo_test.txt, the pictures of VOC 2008 and of aYahoo, with the Proposed Split. An image is an object: its box is
/// cut out of the picture and written into the dataset folder. att_splits.mat counts the lines of the three files in that order.
/// </summary>
public static class ApyImporter
{
    private const int BoxColumns = 4;

    private static readonly string[] Lists = ["apascal_train.txt", "apascal_test.txt", "ayahoo_test.txt"];

    private static readonly string[] PictureFolders = ["VOCdevkit/VOC2008/JPEGImages", "VOC2008/JPEGImages", "JPEGImages",
        "ayahoo_test_images", "images", ""];

    /// <summary>Imports the dataset.</summary>
    /// <param name="options">Folders to read and write.</param>
    /// <param name="progress">Told about every object that is cut out.</param>
    /// <param name="cancellation">Stops between two objects; the dataset folder is then unfinished (no dataset.yaml).</param>
    /// <exception cref="DatasetFormatException">A file is missing or damaged, or lists and split do not fit.</exception>
    public static ImportResult Import(LayoutImportOptions options, IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellation = default) =>
        BenchmarkImport.Run(options, splits => Read(options, splits), progress, cancellation);

    internal static BenchmarkLayout Read(LayoutImportOptions options, Xlsa17Splits splits)
    {
        var attributes = splits.Values.GetLength(1);
        var objects = Lists.SelectMany(list => ReadList(LayoutFiles.Find(options.Root, list, "attribute_data", ""), attributes)).ToArray();
        var files = Array.ConvertAll(objects, o => o.File);
        ImageNames.Number(files);
        var classes = BenchmarkImport.Classes(options, splits);
        var pictures = objects.Select(o => o.File).Distinct(StringComparer.Ordinal).ToDictionary(f => f, f => Picture(options, f));
        return new()
        {
            Name = "aPY",
            Description = "aPascal and aYahoo, objects cut out by their boxes",
            Licence = "see the terms of PASCAL VOC 2008 and aYahoo",
            Source = "Farhadi et al. 2009",
            Pictures = options.Root,
            Files = files,
            Labels = LayoutFiles.Labels(options.Root, [.. objects.Select(o => o.Class)], classes),
            Classes = classes,
            Attributes = ClassAttributes.Entries(LayoutFiles.Find(options.Root, "attribute_names.txt", "attribute_data", ""), attributes),
            Crops = [.. objects.Select(o => (pictures[o.File], o.Box))],
        };
    }

    /// <summary>Lines "file class left top right bottom", then one 0 or 1 per attribute; pixels count from 1, both ends inside.</summary>
    private static IEnumerable<(string File, string Class, SKRectI Box)> ReadList(string path, int attributes)
    {
        var lines = TextTable.Lines(path);
        for (var row = 0; row < lines.Count; row++)
        {
            var cells = lines[row].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length != 2 + BoxColumns + attributes)
                throw new DatasetFormatException(path, $"line {row + 1} must have a file, a class, a box of {BoxColumns} numbers and " +
                    $"{attributes} attributes, {2 + BoxColumns + attributes} columns in all, found {cells.Length}.");
            LayoutFiles.CheckInside(path, [cells[0]]);
            var box = Array.ConvertAll(cells[2..(2 + BoxColumns)], cell => TextTable.Integer(path, row, cell));
            if (box[2] < box[0] || box[3] < box[1])
                throw new DatasetFormatException(path, $"line {row + 1}: the box {string.Join(' ', box)} ends before it begins.");
            yield return (cells[0], cells[1], new SKRectI(box[0] - 1, box[1] - 1, box[2], box[3]));
        }
    }

    /// <summary>Where a picture is; where it should be when it is missing.</summary>
    private static string Picture(LayoutImportOptions options, string file)
    {
        var folders = PictureFolders.Select(folder => Path.Combine(options.Root, folder));
        var places = (options.ImagesFolder is { } chosen ? folders.Prepend(chosen) : folders).Select(f => Path.Combine(f, file)).ToList();
        return Path.GetFullPath(places.FirstOrDefault(File.Exists) ?? places[0]);
    }
}
