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

    private readonly List<string> pages = [];

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
        AtomicFile.Write(Path.Combine(folder, "explanation.json"), json =>
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
        ExplanationPage.Write(pages[^1], page, attributes, (i, drawn, png) =>
            AtomicFile.Write(Path.Combine(folder, "pictures", PictureName(before + i + 1, page[i].Name, drawn)), target => target.Write(png)));
        page.Clear();
    }

    /// <summary>Only files with the names that this class gives are removed.</summary>
    private void RemoveEarlier()
    {
        if (!Directory.Exists(folder)) return;
        foreach (var page in Directory.EnumerateFiles(folder, "explanation-*.html").Where(file => IsNumbered(file, "explanation-".Length))) File.Delete(page);
        var pictures = Path.Combine(folder, "pictures");
        if (!Directory.Exists(pictures)) return;
        foreach (var picture in Directory.EnumerateFiles(pictures, "*-*-*.png").Where(file => IsNumbered(file, 0))) File.Delete(picture);
    }

    private static bool IsNumbered(string file, int at) => char.IsAsciiDigit(Path.GetFileName(file)[at]);

    /// <summary>Number, file and what is drawn; only letters, digits, dots and dashes reach the file system.</summary>
    private static string PictureName(int number, string file, string attribute) =>
        $"{CommandText.Of(number)}-{Safe(Path.GetFileNameWithoutExtension(file))}-{Safe(attribute)}.png";

    private static string Safe(string text) =>
        string.Concat(text.Take(MaximumNameLength).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '-'));
}
