using SkiaSharp;
using Unseen.Semantics;

namespace Unseen.Data.Import;

/// <summary>Makes a dataset folder from the official layout of CUB-200-2011 (Wah et al. 2011) and the Proposed Split.</summary>
public static class CubImporter
{
    /// <summary>Imports the dataset.</summary>
    /// <param name="options">Folders to read and write.</param>
    /// <param name="progress">Told about every picture.</param>
    /// <param name="cancellation">Stops between two pictures; the dataset folder is then unfinished (no dataset.yaml).</param>
    /// <exception cref="DatasetFormatException">A file is missing or damaged, or the split does not fit.</exception>
    public static ImportResult Import(CubImportOptions options, IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellation = default)
    {
        DatasetFolderWriter.CheckTarget(options.Output, options.Force);
        var warnings = new List<string>();
        var cub = CubFiles.Read(options.Root);
        var pictures = Path.GetFullPath(options.ImagesFolder ?? Path.Combine(options.Root, "images"));
        var splits = CubSplits.Read(options.SplitFile, cub);
        var seen = ProposedSplit.SeenClasses(options.SplitFile, cub.Classes, cub.Labels, splits);
        var used = UsedPictures.Present(splits, pictures, i => Path.Combine(pictures, cub.Images[i]), options.AllowMissingImages, warnings);
        var classes = UsedPictures.Classes(cub.Classes.Length, cub.Labels, splits, used, pictures, warnings);
        used.RemoveAll(i => !classes.Contains(cub.Labels[i]));
        var sizes = Pictures(options, cub, pictures, used, progress, cancellation);
        var folder = Folder(options, cub, splits, seen, classes, used, warnings) with
        {
            ImagesPath = options.Crop == CubCrop.None ? pictures : Path.Combine(Path.GetFullPath(options.Output), "images"),
            Parts = Parts(options, cub, used, sizes),
        };
        DatasetFolderWriter.Write(folder, options.Force || options.Crop != CubCrop.None);
        return ImportResult.Of(folder, warnings);
    }

    private static DatasetFolder Folder(CubImportOptions options, CubFiles cub, ImageSplit?[] splits, bool?[] seen, List<int> classes,
        List<int> used,
        List<string> warnings)
    {
        var lists = options.ClassListFolder ?? Path.GetDirectoryName(Path.GetFullPath(options.SplitFile));
        ClassLists.CheckUnseen(lists, cub.Classes, seen);
        var folds = ClassLists.ReadFolds(lists, cub.Classes);
        if (folds.Count == 0)
            warnings.Add("No valclasses1.txt was found: the dataset has no validation column, and a third of the seen classes will be " +
                "chosen by seed.");
        var attributes = PromptGroups.Apply([.. cub.Attributes.Select(Attribute)], options.PromptsFile, options.PromptMappingFile);
        var place = classes.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        var all = ClassLists.Entries(cub.Classes, seen, folds);
        return new()
        {
            Path = Path.GetFullPath(options.Output),
            Name = options.Name,
            Description = options.Crop == CubCrop.None ? "CUB-200-2011, whole pictures" : "CUB-200-2011, cropped to the bounding box",
            Licence = "CUB-200-2011 terms, non-commercial research",
            Source = "Wah et al. 2011; Proposed Split of Xian et al. 2018",
            ImagesPath = "",
            ValidationFolds = ClassLists.FoldNames(folds.Count),
            Classes = [.. classes.Select(c => all[c])],
            Attributes = attributes,
            ClassAttributes = ClassAttributes.Semantics(cub.Classes, attributes, cub.Values, AttributeScale.Percent).Select(classes),
            Images = [.. used.Select(i => new ImageEntry(cub.Images[i], place[cub.Labels[i]], splits[i]!.Value))],
            WordVectors = ClassAttributes.WordVectors(options.WordVectorsFile, attributes.Length),
        };
    }

    private static AttributeEntry Attribute(string name)
    {
        var (group, phrase) = AttributePhrases.Of(name);
        return new(name, group, phrase, CubParts.Of(group));
    }

    /// <summary>Crops the pictures, or reads their sizes where parts are measured in whole pictures.</summary>
    private static (int Width, int Height)[] Pictures(CubImportOptions options, CubFiles cub, string pictures, List<int> used,
        IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        var sizes = new (int Width, int Height)[used.Count];
        for (var i = 0; i < used.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(pictures, cub.Images[used[i]]);
            if (options.Crop == CubCrop.BoundingBox)
                CubPictures.Crop(path, Box(cub, used[i]), Path.Combine(options.Output, "images", cub.Images[used[i]]));
            else if (cub.Parts.Length > 0)
                sizes[i] = CubPictures.Size(path);
            progress?.Report(new("import", i + 1, used.Count, "images"));
        }
        return sizes;
    }

    private static SKRectI Box(CubFiles cub, int image) => SKRectI.Round(SKRect.Create(
        cub.Boxes[image, 0], cub.Boxes[image, 1], cub.Boxes[image, 2], cub.Boxes[image, 3]));

    /// <summary>Visible parts, in 0..1 of the bounding box or of the whole picture; parts outside are left out.</summary>
    private static List<PartEntry> Parts(CubImportOptions options, CubFiles cub, List<int> used, (int Width, int Height)[] sizes)
    {
        var place = used.Select((image, i) => (image, i)).ToDictionary(p => p.image, p => p.i);
        var parts = new List<PartEntry>();
        for (var row = 0; row < cub.PartPlaces.GetLength(0); row++)
        {
            var (image, part) = ((int)cub.PartPlaces[row, 0] - 1, (int)cub.PartPlaces[row, 1] - 1);
            if (cub.PartPlaces[row, 4] != 1 || !place.TryGetValue(image, out var i) || part < 0 || part >= cub.Parts.Length)
                continue;
            var (x, y) = (cub.PartPlaces[row, 2], cub.PartPlaces[row, 3]);
            (x, y) = options.Crop == CubCrop.BoundingBox
                ? ((x - cub.Boxes[image, 0]) / cub.Boxes[image, 2], (y - cub.Boxes[image, 1]) / cub.Boxes[image, 3])
                : (x / sizes[i].Width, y / sizes[i].Height);
            if (x is >= 0 and <= 1 && y is >= 0 and <= 1)
                parts.Add(new(i, cub.Parts[part], MathF.Round(x, 4), MathF.Round(y, 4)));
        }
        return parts;
    }
}
