namespace Unseen.Data.Import;

/// <summary>Reads the Proposed Split for the images of CUB.</summary>
internal static class CubSplits
{
    /// <summary>The split of each image of images.txt; null for images in none.</summary>
    internal static ImageSplit?[] Read(string path, CubFiles cub) =>
        Path.GetExtension(path).Equals(".mat", StringComparison.OrdinalIgnoreCase) ? FromMat(path, cub) : FromList(path, cub);

    /// <summary>att_splits.mat of CUB counts the images in the ordinal order of their file names, not in the order of images.txt.</summary>
    private static ImageSplit?[] FromMat(string path, CubFiles cub)
    {
        var splits = Xlsa17Splits.Read(path);
        if (splits.ClassNames is { } names && names.Except(cub.Classes, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new DatasetFormatException(path, $"class '{unknown}' is not a class of CUB. Was the file made for another dataset?");
        var order = Enumerable.Range(0, cub.Images.Length).OrderBy(i => cub.Images[i], StringComparer.Ordinal).ToArray();
        var ordered = splits.Of(cub.Images.Length);
        var result = new ImageSplit?[cub.Images.Length];
        for (var i = 0; i < order.Length; i++)
            result[order[i]] = ordered[i];
        return result;
    }

    private static ImageSplit?[] FromList(string path, CubFiles cub)
    {
        var indices = cub.Images.Select((file, i) => (file, i)).ToDictionary(p => p.file, p => p.i, StringComparer.Ordinal);
        var splits = new ImageSplit?[cub.Images.Length];
        foreach (var entry in SplitList.Read(path))
        {
            if (!indices.TryGetValue(entry.File, out var i))
                throw new DatasetFormatException(path, $"image '{entry.File}' is not in images.txt.");
            splits[i] = entry.Split;
        }
        return splits;
    }
}
