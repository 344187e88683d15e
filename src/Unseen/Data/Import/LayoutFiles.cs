namespace Unseen.Data.Import;

/// <summary>Finds the files of an official layout.</summary>
internal static class LayoutFiles
{
    /// <summary>The first of some folders below the root that holds a file.</summary>
    /// <exception cref="DatasetFormatException">None does; the message names the folders.</exception>
    internal static string Find(string root, string name, params string[] folders) =>
        folders.Select(folder => Path.Combine(root, folder, name)).FirstOrDefault(File.Exists)
        ?? throw new DatasetFormatException(root, $"{name} is missing. Looked in: " +
            $"{string.Join(", ", folders.Select(f => f.Length == 0 ? "the folder itself" : f))}.");

    /// <summary>The folder that the user named, or the first of some folders below the root that is there.</summary>
    /// <exception cref="DatasetFormatException">There is none.</exception>
    internal static string Folder(string? chosen, string root, params string[] folders)
    {
        var tried = chosen is null ? [.. folders.Select(folder => Path.Combine(root, folder))] : new[] { chosen };
        return tried.FirstOrDefault(Directory.Exists) is { } found
            ? Path.GetFullPath(found)
            : throw new DatasetFormatException(root, $"the folder of the pictures is missing. Looked for: {string.Join(", ", tried)}.");
    }

    /// <summary>Refuses names that lead out of the images folder: crops are written under them.</summary>
    internal static void CheckInside(string path, IEnumerable<string> images)
    {
        foreach (var image in images)
            if (image.Length == 0 || Path.IsPathRooted(image) || image.Split('/', '\\').Contains(".."))
                throw new DatasetFormatException(path, $"image '{image}' leads out of the images folder.");
    }

    /// <summary>Index from 0 of each image's class.</summary>
    /// <exception cref="DatasetFormatException">An image has a class that the split file does not know.</exception>
    internal static int[] Labels(string path, IReadOnlyList<string> ofImages, IReadOnlyList<string> classes)
    {
        var indices = classes.Select((name, index) => (name, index)).ToDictionary(c => c.name, c => c.index, StringComparer.Ordinal);
        return [.. ofImages.Select(name => indices.TryGetValue(name, out var index)
            ? index
            : throw new DatasetFormatException(path, NearestName.Unknown("class", name, classes)))];
    }
}
