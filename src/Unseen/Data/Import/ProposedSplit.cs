namespace Unseen.Data.Import;

/// <summary>Which images train and test, and which classes are seen.</summary>
internal static class ProposedSplit
{
    /// <summary>The split of each image; null for images in none.</summary>
    /// <param name="path">File the lists come from, for messages.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="lists">Image indices from 0 of trainval, test_seen and test_unseen, with the names of the lists.</param>
    /// <exception cref="DatasetFormatException">An image is in two lists, or twice in one.</exception>
    internal static ImageSplit?[] Of(string path, int images, params (string Name, int[] Indices)[] lists)
    {
        var splits = new ImageSplit?[images];
        for (var split = 0; split < lists.Length; split++)
            foreach (var image in lists[split].Indices)
                if (splits[image] is { } other)
                    throw new DatasetFormatException(path, $"image {image + 1} is in {lists[(int)other].Name} and again in " +
                        $"{lists[split].Name}. The three lists " +
                        "must have no image in common, else the test would be on training images: get the original split file.");
                else
                    splits[image] = (ImageSplit)split;
        return splits;
    }

    /// <summary>True for classes with images in trainval or test_seen, false for classes with images in test_unseen, null for classes
    /// without images.</summary>
    /// <exception cref="DatasetFormatException">A class has images in both.</exception>
    internal static bool?[] SeenClasses(string path, IReadOnlyList<string> classes, int[] labels, ImageSplit?[] splits)
    {
        var seen = new bool?[classes.Count];
        for (var image = 0; image < labels.Length; image++)
        {
            if (splits[image] is not { } split)
                continue;
            var isSeen = split != ImageSplit.TestUnseen;
            if (seen[labels[image]] is { } before && before != isSeen)
                throw new DatasetFormatException(path, $"class '{classes[labels[image]]}' has images among the seen classes and in " +
                    "test_unseen. " +
                    "Do labels and splits belong to the same dataset?");
            seen[labels[image]] = isSeen;
        }
        return seen;
    }
}
