using Unseen.Features;

namespace Unseen.Data;

/// <summary>Finds the pictures of a folder that has one folder per class.</summary>
internal static class ClassPictures
{
    /// <summary>
    /// Class names with their pictures, relative to <paramref name="images"/> with forward slashes, in ordinal order; folders without
    /// any are left out.
    /// </summary>
    public static SortedDictionary<string, string[]> Find(string images, DatasetProblems problems, List<string> notes)
    {
        var result = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        if (!Directory.Exists(images))
        {
            problems.Error(images, 0, "The folder of pictures does not exist. Expected a folder with one folder per class.");
            return result;
        }
        var others = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories(images).Where(f => !Path.GetFileName(f).StartsWith('.')))
        {
            others.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => !PictureFiles.IsPicture(f) && !Path.GetFileName(f).StartsWith('.')));
            string[] files = [.. Pictures(folder, SearchOption.AllDirectories).Select(f => Path.GetRelativePath(images, f)
                .Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal)];
            foreach (var file in files)
                if (ImageReader.Fault(file) is { } fault)
                    problems.Error(images, 0, $"The file {DatasetProblems.Shown(file)} {fault}. Rename it.");
            if (files.Length > 0)
                result.Add(Path.GetFileName(folder), files);
            else
                notes.Add($"The folder {DatasetProblems.Shown(Path.GetFileName(folder))} has no picture " +
                    $"({string.Join(", ", PictureFiles.Extensions)}).");
        }
        if (others.Count > 0) notes.Add($"{PictureFiles.LeftOut(others)} in the class folders are no pictures by their names and were left out.");
        var loose = Pictures(images, SearchOption.TopDirectoryOnly).Count();
        if (loose > 0) notes.Add($"{loose} pictures outside the class folders were left out.");
        return result;
    }

    private static IEnumerable<string> Pictures(string folder, SearchOption depth) =>
        Directory.EnumerateFiles(folder, "*", depth).Where(f => PictureFiles.IsPicture(f));
}
