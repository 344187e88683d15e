using Unseen.Semantics;

namespace Unseen.Data.Import;

/// <summary>The part of an import that is the same for every official layout: splits, missing pictures, crops, dataset folder.</summary>
internal static class BenchmarkImport
{
    /// <summary>Imports a layout.</summary>
    internal static ImportResult Run(LayoutImportOptions options, Func<Xlsa17Splits, BenchmarkLayout> read,
        IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        DatasetFolderWriter.CheckTarget(options.Output, options.Force);
        var splits = Xlsa17Splits.Read(options.SplitFile);
        var layout = read(splits);
        layout = layout with { Attributes = PromptGroups.Apply(layout.Attributes, options.PromptsFile, options.PromptMappingFile) };
        var warnings = new List<string>();
        var used = UsedPictures.Present(splits.Of(layout.Files.Length), layout.Pictures, layout.PictureOf, options.AllowMissingImages, warnings);
        var folder = Folder(options, layout, splits, used, warnings);
        if (layout.Crops is not null)
            Crop(layout, folder, used, progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        DatasetFolderWriter.Write(folder, options.Force || layout.Crops is not null);
        return ImportResult.Of(folder, warnings);
    }

    /// <summary>Class names: those the user gave, those of the split file, or numbers.</summary>
    internal static IReadOnlyList<string> Classes(LayoutImportOptions options, Xlsa17Splits splits)
    {
        var names = options.ClassNamesFile is { } file ? TextTable.Names(file)
            : splits.ClassNames ?? ClassAttributes.Numbered("class", splits.Classes);
        return names.Count == splits.Classes ? names : throw new DatasetFormatException(options.ClassNamesFile!,
            $"expected {splits.Classes} class names, found {names.Count}.");
    }

    /// <summary>The dataset of some images, not yet written.</summary>
    internal static DatasetFolder Folder(LayoutImportOptions options, BenchmarkLayout layout, Xlsa17Splits splits, List<int> used,
        List<string> warnings)
    {
        var split = splits.Of(layout.Files.Length);
        var seen = ProposedSplit.SeenClasses(splits.Path, layout.Classes, layout.Labels, split);
        var lists = options.ClassListFolder ?? Path.GetDirectoryName(splits.Path);
        ClassLists.CheckUnseen(lists, layout.Classes, seen);
        var folds = ClassLists.ReadFolds(lists, layout.Classes);
        var classes = UsedPictures.Classes(layout.Classes.Count, layout.Labels, split, used, layout.Pictures, warnings);
        var place = classes.Index().ToDictionary(c => c.Item, c => c.Index);
        var entries = ClassLists.Entries(layout.Classes, seen, folds);
        warnings.AddRange(splits.Warnings(folds.Count));
        var output = Path.GetFullPath(options.Output);
        return new()
        {
            Path = output,
            Name = options.Name ?? layout.Name,
            Description = layout.Description,
            Licence = layout.Licence,
            Source = $"{layout.Source}; Proposed Split of Xian et al. 2018",
            ImagesPath = layout.Crops is null ? layout.Pictures : Path.Combine(output, "images"),
            ValidationFolds = ClassLists.FoldNames(folds.Count),
            Classes = [.. classes.Select(c => entries[c])],
            Attributes = layout.Attributes,
            ClassAttributes = ClassAttributes.Semantics(layout.Classes, layout.Attributes, splits.Values, splits.Scale).Select(classes),
            Negative = splits.Scale == AttributeScale.Raw ? NegativeAttributes.Keep : NegativeAttributes.Clamp,
            Images = [.. used.Where(i => place.ContainsKey(layout.Labels[i]))
                .Select(i => new ImageEntry(layout.Files[i], place[layout.Labels[i]], split[i]!.Value))],
            WordVectors = ClassAttributes.WordVectors(options.WordVectorsFile, layout.Attributes.Length),
        };
    }

    private static void Crop(BenchmarkLayout layout, DatasetFolder folder, List<int> used, IProgress<ProgressUpdate>? progress,
        CancellationToken cancellation)
    {
        var kept = folder.Images.Select(i => i.File).ToHashSet(StringComparer.Ordinal);
        foreach (var (done, image) in used.Where(i => kept.Contains(layout.Files[i])).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var (path, box) = layout.Crops![image];
            CubPictures.Crop(path, box, Path.Combine(folder.ImagesPath, layout.Files[image]));
            progress?.Report(new("import", done + 1, kept.Count, "images"));
        }
    }
}
