using Unseen.Semantics;

namespace Unseen.Data.Import;

/// <summary>
/// Makes a dataset folder from the field's standard files: att_splits.mat and res101.mat. Validation folds come from the class lists
/// restricted to trainval; train_loc and val_loc, which contain test images in the original files, are never used.
/// </summary>
public static class Xlsa17Importer
{
    /// <summary>Imports a dataset.</summary>
    /// <param name="options">Files to read and folder to write.</param>
    /// <param name="progress">Told about every feature row.</param>
    /// <param name="cancellation">Stops between two rows; the dataset folder is then unfinished (no dataset.yaml).</param>
    /// <exception cref="DatasetFormatException">A file is damaged, files do not fit each other, or the splits overlap.</exception>
    public static ImportResult Import(Xlsa17Options options, IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellation = default)
    {
        DatasetFolderWriter.CheckTarget(options.Output, options.Force);
        var warnings = new List<string>();
        var splits = Xlsa17Splits.Read(options.SplitsFile);
        var images = Xlsa17Images.Read(options, splits, warnings);
        var folder = Folder(options, splits, images, warnings);
        if (options.Features is { } sink)
            WriteFeatures(sink, images, progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        DatasetFolderWriter.Write(folder, options.Force);
        return ImportResult.Of(folder, warnings);
    }

    private static DatasetFolder Folder(Xlsa17Options options, Xlsa17Splits splits, Xlsa17Images images, List<string> warnings)
    {
        var classes = ClassNames(options, splits, warnings);
        var attributes = PromptGroups.Apply(ClassAttributes.Entries(options.AttributeNamesFile, splits.Values.GetLength(1)), options.PromptsFile,
            options.PromptMappingFile);
        var seen = ProposedSplit.SeenClasses(splits.Path, classes, images.Labels, [.. images.Splits.Select(s => (ImageSplit?)s)]);
        var lists = options.ClassListFolder ?? Path.GetDirectoryName(splits.Path);
        ClassLists.CheckUnseen(lists, classes, seen);
        var folds = ClassLists.ReadFolds(lists, classes);
        Warn(splits, folds, seen, warnings);
        var output = Path.GetFullPath(options.Output);
        return new()
        {
            Path = output,
            Name = options.Name ?? Path.GetFileName(Path.GetDirectoryName(splits.Path)!),
            Description = "Imported from the Proposed Split files",
            Source = Path.GetFileName(splits.Path) + (options.FeaturesFile is { } features ? $" and {Path.GetFileName(features)}" : ""),
            ImagesPath = options.ImagesFolder is { } pictures ? Path.GetFullPath(pictures) : Path.Combine(output, "images"),
            ValidationFolds = ClassLists.FoldNames(folds.Count),
            Classes = ClassLists.Entries(classes, seen, folds),
            Attributes = attributes,
            ClassAttributes = ClassAttributes.Semantics(classes, attributes, splits.Values, splits.Scale),
            Negative = splits.Scale == AttributeScale.Raw ? NegativeAttributes.Keep : NegativeAttributes.Clamp,
            Images = [.. images.Files.Select((file, i) => new ImageEntry(file, images.Labels[i], images.Splits[i]))],
            WordVectors = ClassAttributes.WordVectors(options.WordVectorsFile, attributes.Length),
        };
    }

    private static IReadOnlyList<string> ClassNames(Xlsa17Options options, Xlsa17Splits splits, List<string> warnings)
    {
        if (options.ClassNamesFile is { } file)
        {
            var names = TextTable.Names(file);
            return names.Count == splits.Classes ? names : throw new DatasetFormatException(file, $"expected {splits.Classes} class " +
                $"names, found {names.Count}.");
        }
        if (splits.ClassNames is null)
            warnings.Add("The split file has no class names: the classes are numbered in label order.");
        return splits.ClassNames ?? ClassAttributes.Numbered("class", splits.Classes);
    }

    private static void Warn(Xlsa17Splits splits, List<bool[]> folds, bool?[] seen, List<string> warnings)
    {
        if (splits.LeakedTestImages > 0)
            warnings.Add($"train_loc and val_loc contain {splits.LeakedTestImages} of the {splits.TestSeen.Length} test_seen images. " +
                "They are not used: " +
                "validation classes are taken from trainval_loc.");
        warnings.AddRange(splits.Warnings(folds.Count));
        if (seen.Count(s => s is null) is > 0 and var empty)
            warnings.Add($"{empty} classes have no image; they are taken as unseen.");
    }

    private static void WriteFeatures(IFeatureSink sink, Xlsa17Images images, IProgress<ProgressUpdate>? progress,
        CancellationToken cancellation)
    {
        if (images.Features is not { } features)
            throw new ConfigurationException(["Features are asked for, but no res101.mat is given to take them from."]);
        var row = new float[features.Rows];
        sink.Begin(images.Files, 0, row.Length);
        for (var i = 0; i < images.Files.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            features.CopyColumn(images.Columns[i], row);
            sink.Write(i, row);
            progress?.Report(new("import features", i + 1, images.Files.Length, "images"));
        }
    }
}
