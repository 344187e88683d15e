using Unseen.Data.Formats;

namespace Unseen.Data.Import;

/// <summary>The images that are in a split: names, labels from 0, splits and columns in the feature matrix.</summary>
internal sealed record Xlsa17Images(string[] Files, int[] Labels, ImageSplit[] Splits, int[] Columns, Mat5Numbers? Features)
{
    internal static Xlsa17Images Read(Xlsa17Options options, Xlsa17Splits splits, List<string> warnings) =>
        (options.FeaturesFile, options.ImageListFile) switch
        {
            ({ } features, null) => FromFeatures(features, splits, warnings),
            (null, { } list) => FromList(list, splits),
            _ => throw new ConfigurationException([$"{splits.Path} does not say which class an image has: give either res101.mat or an " +
            "image list."]),
        };

    private static Xlsa17Images FromFeatures(string path, Xlsa17Splits splits, List<string> warnings)
    {
        var file = Mat5File.Read(path);
        var labels = file.Integers("labels", 1, splits.Classes);
        var features = file.Numbers("features");
        if (features.Columns != labels.Length)
            throw new DatasetFormatException(file.Path, $"features must have one column per label, {labels.Length}, found " +
                $"{features.Columns}.");
        var names = file.Has("image_files") ? ImageNames.Relative(file.Texts("image_files"), warnings) : ImageNames.Invented(labels.Length);
        if (names.Length != labels.Length)
            throw new DatasetFormatException(file.Path, $"image_files must have one name per label, {labels.Length}, found " +
                $"{names.Length}.");
        var split = splits.Of(labels.Length);
        var used = Enumerable.Range(0, labels.Length).Where(i => split[i] is not null).ToArray();
        if (used.Length < labels.Length)
            warnings.Add($"{labels.Length - used.Length} images are in no split and left out.");
        return new([.. used.Select(i => names[i])], [.. used.Select(i => labels[i] - 1)], [.. used.Select(i => split[i]!.Value)], used,
            features);
    }

    private static Xlsa17Images FromList(string path, Xlsa17Splits splits)
    {
        var list = SplitList.Read(path);
        var wrong = list.FirstOrDefault(i => i.Label is null || i.Label < 0 || i.Label >= splits.Classes);
        if (wrong is not null)
            throw new DatasetFormatException(path, $"image '{wrong.File}' needs a label from 0 to {splits.Classes - 1} in column " +
                $"label0_xlsa17, found {wrong.Label}.");
        CheckCount(path, splits, list);
        return new([.. list.Select(i => i.File)], [.. list.Select(i => i.Label!.Value)], [.. list.Select(i => i.Split)], [], null);
    }

    private static void CheckCount(string path, Xlsa17Splits splits, IReadOnlyList<SplitListEntry> list)
    {
        var expected = (splits.Trainval.Length, splits.TestSeen.Length, splits.TestUnseen.Length);
        int Count(ImageSplit split) => list.Count(i => i.Split == split);
        var found = (Count(ImageSplit.Trainval), Count(ImageSplit.TestSeen), Count(ImageSplit.TestUnseen));
        if (found != expected)
            throw new DatasetFormatException(path, $"the list has {found} images in trainval, test_seen and test_unseen, but the " +
                $"split file has {expected}. " +
                "Do they belong to the same dataset?");
    }
}
