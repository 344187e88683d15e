using System.Text.Json;
using Unseen.Classification;

namespace Unseen.Cli;

/// <summary>
/// Writes explanations as they come: JSON, and pages of some pictures each with the overlays on them, so that memory does not grow with the number
/// of pictures.
/// </summary>
/// <param name="folder">Folder for the results; what an earlier run wrote there is replaced.</param>
/// <param name="attributes">Attributes shown of each picture.</param>
/// <param name="perPage">Pictures on a page.</param>
internal sealed class ExplanationFiles(string folder, int attributes, int perPage = 50)
{
    private const int MaximumNameLength = 60;
    private const string Json = "explanation.json";
    private const string Written = "explanation-files.txt";

    private readonly List<string> pages = [];
    private readonly HashSet<string> pictures = [];

    /// <summary>The pages that were written, in the order of the pictures.</summary>
    public IReadOnlyList<string> Pages => pages;

    /// <summary>Writes all; nothing at all when there is none. A failure or a cancellation leaves no half page and no JSON.</summary>
    /// <returns>Number of explanations.</returns>
    public int Write(IEnumerable<ImageExplanation> explanations)
    {
        using var each = explanations.GetEnumerator();
        if (!each.MoveNext()) return 0;
        RemoveEarlier();
        var count = 0;
        AtomicFile.Write(Path.Combine(folder, Json), json =>
        {
            var page = new List<ImageExplanation>();
            do
            {
                json.Write(count == 0 ? "[\n"u8 : ",\n"u8);
                JsonSerializer.Serialize(json, each.Current, JsonOutput.Options);
                count++;
                if (page.Count == perPage) WritePage(page);
                page.Add(each.Current);
            }
            while (each.MoveNext());
            WritePage(page);
            json.Write("\n]\n"u8);
        });
        return count;
    }

    private void WritePage(List<ImageExplanation> page)
    {
        var before = pages.Count * perPage;
        pages.Add(Path.Combine(folder, pages.Count == 0 ? "explanation.html" : $"explanation-{CommandText.Of(pages.Count + 1)}.html"));
        Note(pages[^1]);
        ExplanationPage.Write(pages[^1], page, attributes, (i, drawn, png) => WritePicture(PictureName(before + i + 1, page[i].Name, drawn), png));
        page.Clear();
    }

    private void WritePicture(string name, byte[] png)
    {
        var path = Path.Combine(folder, "pictures", name);
        for (var again = 2; !pictures.Add(path); again++) path = Path.Combine(folder, "pictures", $"{name[..^".png".Length]}-{CommandText.Of(again)}.png");
        Note(path);
        AtomicFile.Write(path, target => target.Write(png));
    }

    /// <summary>The list of what this run writes, a line before each file, so that a later run knows what it may remove.</summary>
    private void Note(string path) => File.AppendAllText(Path.Combine(folder, Written), Path.GetRelativePath(folder, path) + "\n");

    /// <summary>Only what an earlier run lists as its own is removed, and only below the folder.</summary>
    private void RemoveEarlier()
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, Json));
        var list = Path.Combine(folder, Written);
        if (!File.Exists(list)) return;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        foreach (var path in File.ReadLines(list).Where(line => line.Length > 0).Select(line => Path.GetFullPath(Path.Combine(folder, line))))
            if (path.StartsWith(root, StringComparison.Ordinal) && Path.GetExtension(path) is ".html" or ".png") File.Delete(path);
        File.Delete(list);
    }

    /// <summary>Number, file and what is drawn; only letters, digits, dots, dashes and underlines reach the file system.</summary>
    private static string PictureName(int number, string file, string attribute) =>
        $"{CommandText.Of(number)}-{Safe(Path.GetFileNameWithoutExtension(file))}-{Safe(attribute)}.png";

    private static string Safe(string text) =>
        string.Concat(text.Take(MaximumNameLength).Select(c => char.IsLetterOrDigit(c) || c is '_' or '.' ? c : '-'));
}
