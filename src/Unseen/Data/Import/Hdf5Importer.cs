using Unseen.Data.Formats;
using Unseen.Semantics;

namespace Unseen.Data.Import;

/// <summary>
/// Makes a dataset folder from the HDF5 files of the DAZLE family: feature_map [images, visual, h, w], labels, trainval_loc, test_seen_loc,
/// test_unseen_loc (from 0), att and original_att [classes, attributes], w2v_att [attributes, words].
/// </summary>
public static class Hdf5Importer
{
    private const int RowsAtOnce = 16;

    /// <summary>Imports a dataset.</summary>
    /// <param name="options">File to read and folder to write.</param>
    /// <param name="progress">Told about every image.</param>
    /// <param name="cancellation">Stops between two reads; the dataset folder is then unfinished (no dataset.yaml).</param>
    /// <exception cref="DatasetFormatException">The file is damaged, lacks a dataset, or its splits overlap.</exception>
    public static ImportResult Import(Hdf5ImportOptions options, IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellation = default)
    {
        DatasetFolderWriter.CheckTarget(options.Output, options.Force);
        using var file = Hdf5File.Open(options.FeaturesFile);
        var warnings = new List<string>();
        var map = file.Dataset("feature_map");
        if (map.Shape is not [>= 1, >= 1, >= 1, >= 1])
            throw new DatasetFormatException(file.Path, $"feature_map must have the axes [images, visual, h, w], found " +
                $"[{string.Join(", ", map.Shape)}].");
        var rows = new List<int>();
        var folder = Folder(options, file, checked((int)map.Rows), rows, warnings);
        if (options.Features is { } sink)
            WriteFeatures(file, map, sink, rows, [.. folder.Images.Select(i => i.File)], progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        DatasetFolderWriter.Write(folder, options.Force);
        return ImportResult.Of(folder, warnings);
    }

    /// <summary>Turns [visual, h, w] into [regions, visual]; region = y * w + x.</summary>
    internal static void ToRegions(ReadOnlySpan<float> map, int visual, int regions, Span<float> features)
    {
        for (var v = 0; v < visual; v++)
            for (var region = 0; region < regions; region++)
                features[region * visual + v] = map[v * regions + region];
    }

    private static DatasetFolder Folder(Hdf5ImportOptions options, Hdf5File file, int images, List<int> rows, List<string> warnings)
    {
        var (values, scale) = Semantics(file);
        var classes = Names(options.ClassNamesFile, "class", values.GetLength(0));
        var attributes = PromptGroups.Apply(ClassAttributes.Entries(options.AttributeNamesFile, values.GetLength(1)), options.PromptsFile,
            options.PromptMappingFile);
        var files = options.ImageNamesFile is null ? ImageNames.Invented(images) : [.. Names(options.ImageNamesFile, "image", images)];
        var labels = Indices(file, "labels", values.GetLength(0));
        if (labels.Length != images)
            throw new DatasetFormatException(file.Path, $"labels must have one entry per image, {images}, found {labels.Length}.");
        var splits = ProposedSplit.Of(file.Path, images, List("trainval_loc"), List("test_seen_loc"), List("test_unseen_loc"));
        var seen = ProposedSplit.SeenClasses(file.Path, classes, labels, splits);
        ClassLists.CheckUnseen(options.ClassListFolder, classes, seen);
        var folds = ClassLists.ReadFolds(options.ClassListFolder, classes);
        if (folds.Count == 0)
            warnings.Add("No validation class list is given: the dataset has no validation column, and a third of the seen classes " +
                "will be chosen by seed.");
        rows.AddRange(Enumerable.Range(0, images).Where(i => splits[i] is not null));
        var output = Path.GetFullPath(options.Output);
        return new()
        {
            Path = output,
            Name = options.Name ?? Path.GetFileNameWithoutExtension(file.Path),
            Description = "Imported from an HDF5 feature file",
            Source = Path.GetFileName(file.Path),
            ImagesPath = options.ImagesFolder is { } pictures ? Path.GetFullPath(pictures) : Path.Combine(output, "images"),
            ValidationFolds = ClassLists.FoldNames(folds.Count),
            Classes = ClassLists.Entries(classes, seen, folds),
            Attributes = attributes,
            ClassAttributes = ClassAttributes.Semantics(classes, attributes, values, scale),
            Negative = scale == AttributeScale.Raw ? NegativeAttributes.Keep : NegativeAttributes.Clamp,
            Images = [.. rows.Select(i => new ImageEntry(files[i], labels[i], splits[i]!.Value))],
            WordVectors = file.Has("w2v_att") ? Matrix(file, "w2v_att", attributes.Length) : null,
        };

        (string Name, int[] Indices) List(string name) => (name, Indices(file, name, images));
    }

    private static (float[,] Values, AttributeScale Scale) Semantics(Hdf5File file)
    {
        var original = file.Has("original_att");
        var values = Matrix(file, original ? "original_att" : "att", 0);
        return (values, original ? ClassAttributes.ScaleOf(values) : AttributeScale.Raw);
    }

    private static float[,] Matrix(Hdf5File file, string name, int expectedRows)
    {
        var shape = file.Dataset(name).Shape;
        if (shape.Count != 2 || (expectedRows > 0 && shape[0] != expectedRows))
            throw new DatasetFormatException(file.Path, $"'{name}' must be a matrix" +
                (expectedRows > 0 ? $" of {expectedRows} rows" : "") + ", found the shape " +
                $"[{string.Join(", ", shape)}].");
        var numbers = file.ReadRows(name, 0, shape[0]);
        var matrix = new float[shape[0], shape[1]];
        Buffer.BlockCopy(numbers, 0, matrix, 0, numbers.Length * sizeof(float));
        return matrix;
    }

    private static int[] Indices(Hdf5File file, string name, int limit) => [.. file.ReadAll(name).Select((value, i) =>
        value >= 0 && value < limit && value == Math.Floor(value)
            ? (int)value
            : throw new DatasetFormatException(file.Path, $"element {i + 1} of '{name}' must be a whole number from 0 to {limit - 1}, " +
                $"found {value}."))];

    private static List<string> Names(string? path, string word, int count)
    {
        List<string> names = path is null ? [.. ClassAttributes.Numbered(word, count)] : TextTable.Names(path);
        return names.Count == count ? names : throw new DatasetFormatException(path!, $"expected {count} {word} names, one per line, " +
            $"found {names.Count}.");
    }

    private static void WriteFeatures(Hdf5File file, Hdf5Dataset map, IFeatureSink sink, List<int> rows, string[] files,
        IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        var (visual, regions) = (checked((int)map.Shape[1]), checked((int)(map.Shape[2] * map.Shape[3])));
        var width = checked(visual * regions);
        var features = new float[width];
        sink.Begin(files, regions, visual);
        float[] block = [];
        var blockStart = long.MinValue / 2;
        for (var i = 0; i < rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (rows[i] >= blockStart + RowsAtOnce)
                block = file.ReadRows("feature_map", blockStart = rows[i], Math.Min(RowsAtOnce, map.Rows - rows[i]));
            ToRegions(block.AsSpan((int)(rows[i] - blockStart) * width, width), visual, regions, features);
            sink.Write(i, features);
            progress?.Report(new("import features", i + 1, rows.Count, "images"));
        }
    }
}
