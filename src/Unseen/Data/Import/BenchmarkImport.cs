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
        var used = Present(options, layout, splits, warnings);
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

    /// <summary>Images that are in a split and whose picture is there.</summary>
    private static List<int> Present(LayoutImportOptions options, BenchmarkLayout layout, Xlsa17Splits splits, List<string> warnings)
    {
        var split = splits.Of(layout.Files.Length);
        var inSplit = Enumerable.Range(0, split.Length).Where(i => split[i] is not null).ToList();
        var present = inSplit.Where(i => File.Exists(layout.PictureOf(i))).ToList();
        if (present.Count == inSplit.Count)
            return present;
        var (missing, first) = (inSplit.Count - present.Count, layout.PictureOf(inSplit.Except(present).First()));
        if (!options.AllowMissingImages || present.Count == 0)
            throw new DatasetFormatException(layout.Pictures, $"{missing} of {inSplit.Count} pictures are missing, the first is " +
                $"'{first}'. Complete the folder, or allow missing pictures.");
        warnings.Add($"{missing} of {inSplit.Count} pictures are missing and left out: the numbers will not compare with published ones.");
        return present;
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
        var classes = UsedClasses(layout, split, used, warnings);
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

    /// <summary>Classes with an image; seen classes need one to train on.</summary>
    private static List<int> UsedClasses(BenchmarkLayout layout, ImageSplit?[] split, List<int> used, List<string> warnings)
    {
        var withImages = used.Where(i => split[i] != ImageSplit.TestSeen).Select(i => layout.Labels[i]).ToHashSet();
        var classes = Enumerable.Range(0, layout.Classes.Count).Where(withImages.Contains).ToList();
        if (classes.Count < layout.Classes.Count)
            warnings.Add($"{layout.Classes.Count - classes.Count} of {layout.Classes.Count} classes have no picture (seen ones: none to " +
                "train on) and are left out.");
        return used.Any(i => split[i] == ImageSplit.Trainval) ? classes
            : throw new DatasetFormatException(layout.Pictures, "no picture of a seen class was found. Is it the right images folder?");
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
