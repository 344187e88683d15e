namespace Unseen.Data.Import;

/// <summary>Which pictures and classes of a layout come into a dataset: the same rules and words for every layout.</summary>
internal static class UsedPictures
{
    /// <summary>Images that are in a split and whose picture is there.</summary>
    /// <param name="split">Split of each image, null where it is in none.</param>
    /// <param name="pictures">Folder of the pictures, for messages.</param>
    /// <param name="pictureOf">File of an image.</param>
    /// <param name="allowMissing">Leave out images without a picture.</param>
    /// <param name="warnings">Receives how many are left out.</param>
    /// <exception cref="DatasetFormatException">Pictures are missing and must not, or all are.</exception>
    public static List<int> Present(ImageSplit?[] split, string pictures, Func<int, string> pictureOf, bool allowMissing, List<string> warnings)
    {
        var inSplit = Enumerable.Range(0, split.Length).Where(i => split[i] is not null).ToList();
        var present = inSplit.Where(i => File.Exists(pictureOf(i))).ToList();
        if (present.Count == inSplit.Count) return present;
        var missing = $"{inSplit.Count - present.Count} of {inSplit.Count} pictures are missing";
        if (!allowMissing || present.Count == 0)
            throw new DatasetFormatException(pictures, $"{missing}, the first is '{pictureOf(inSplit.Except(present).First())}'. Complete the folder, or allow "
                + "missing pictures.");
        warnings.Add($"{missing} and left out: the numbers will not compare with published ones.");
        return present;
    }

    /// <summary>Classes with an image; seen classes need one to train on.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="labels">Class of each image.</param>
    /// <param name="split">Split of each image.</param>
    /// <param name="used">Images with a picture.</param>
    /// <param name="pictures">Folder of the pictures, for messages.</param>
    /// <param name="warnings">Receives how many are left out.</param>
    /// <exception cref="DatasetFormatException">No class would be seen.</exception>
    public static List<int> Classes(int classes, IReadOnlyList<int> labels, ImageSplit?[] split, List<int> used, string pictures, List<string> warnings)
    {
        if (!used.Any(i => split[i] == ImageSplit.Trainval))
            throw new DatasetFormatException(pictures, "no picture of a seen class was found. Is it the right images folder?");
        var withImages = used.Where(i => split[i] != ImageSplit.TestSeen).Select(i => labels[i]).ToHashSet();
        if (withImages.Count < classes)
            warnings.Add($"{classes - withImages.Count} of {classes} classes have no picture (seen ones: none to train on) and are left out.");
        return [.. withImages.Order()];
    }
}
