namespace Unseen.Features;

/// <summary>Which files of a folder are pictures, by their names. What a file really is decides its content when it is read.</summary>
public static class PictureFiles
{
    /// <summary>Endings that are taken for pictures, in lower case with their dots.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp"];

    /// <summary>True when a file's name says that it is a picture.</summary>
    /// <param name="file">Name or path.</param>
    public static bool IsPicture(ReadOnlySpan<char> file)
    {
        var extension = Path.GetExtension(file);
        foreach (var known in Extensions)
            if (extension.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>Files that were left out, for people: "2 files (.heic, .tif)".</summary>
    /// <param name="files">At least one name or path.</param>
    public static string LeftOut(IReadOnlyCollection<string> files)
    {
        var endings = files.Select(f => Path.GetExtension(f).ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)
            .Select(ending => ending.Length == 0 ? "no ending" : ending).ToList();
        const int Most = 5;
        var named = string.Join(", ", endings.Take(Most)) + (endings.Count > Most ? ", ..." : "");
        return $"{files.Count} {(files.Count == 1 ? "file" : "files")} ({named})";
    }
}
