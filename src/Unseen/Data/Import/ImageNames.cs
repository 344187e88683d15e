namespace Unseen.Data.Import;

/// <summary>Makes relative, unique file names from the paths that feature files carry.</summary>
internal static class ImageNames
{
    private static readonly string[] Markers = ["/images/", "/JPEGImages/", "/jpg/"];

    /// <summary>
    /// Cuts every path behind the last folder named images, JPEGImages or jpg, else behind what all have in common, and numbers repeated
    /// names (aPY cuts several objects out of one picture).
    /// </summary>
    internal static string[] Relative(IReadOnlyList<string> paths, List<string> warnings)
    {
        var clean = paths.Select(p => p.Replace('\\', '/')).ToArray();
        var common = CommonFolder(clean);
        var names = clean.Select(path => Cut(path, common)).ToArray();
        var repeated = Number(names);
        if (repeated > 0)
            warnings.Add($"{repeated} images repeat the file name of an earlier one; they are named with #2, #3 and so on.");
        return names;
    }

    /// <summary>Names for images without any: image_00001 and so on.</summary>
    internal static string[] Invented(int count) => [.. Enumerable.Range(1, count).Select(i => $"image_{i:D5}.jpg")];

    private static string Cut(string path, int common)
    {
        foreach (var marker in Markers)
            if (path.LastIndexOf(marker, StringComparison.Ordinal) is >= 0 and var at)
                return Safe(path[(at + marker.Length)..]);
        return Safe(path[common..]);
    }

    /// <summary>Drops whatever could lead out of the images folder.</summary>
    private static string Safe(string path)
    {
        var safe = string.Join('/', path.Split('/').Where(part => part.Length > 0 && part is not ("." or "..")));
        return safe.Length == 0 ? "unnamed" : safe;
    }

    private static int CommonFolder(string[] paths)
    {
        if (paths.Length < 2)
            return paths.Length == 0 ? 0 : paths[0].LastIndexOf('/') + 1;
        var length = paths[0].Length;
        foreach (var path in paths)
            length = Math.Min(length, path.AsSpan().CommonPrefixLength(paths[0]));
        return length == 0 ? 0 : paths[0].LastIndexOf('/', length - 1) + 1;
    }

    /// <summary>Renames repeated names in place to #2, #3 and so on; returns how many.</summary>
    internal static int Number(string[] names)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var repeated = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var (stem, extension) = (names[i][..^Path.GetExtension(names[i]).Length], Path.GetExtension(names[i]));
            for (var copy = 2; !used.Add(names[i]); copy++)
            {
                names[i] = $"{stem}#{copy}{extension}";
                repeated += copy == 2 ? 1 : 0;
            }
        }
        return repeated;
    }
}
