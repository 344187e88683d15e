using System.Runtime.ExceptionServices;
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

    /// <summary>
    /// Writes all; nothing at all where no file could be explained. A cancellation ends JSON and pages with what there is, and goes on; another
    /// failure leaves no half page and no JSON.
    /// </summary>
    /// <returns>Number of explanations.</returns>
    public int Write(IEnumerable<ExplainedFile> files)
    {
        using var each = files.GetEnumerator();
        var entries = new List<ExplainedFile>();            // up to the first explanation
        do
        {
            if (!each.MoveNext()) return 0;
            entries.Add(each.Current);
        }
        while (each.Current.Explanation is null);
        RemoveEarlier();
        var count = 0;
        OperationCanceledException? cancelled = null;
        AtomicFile.Write(Path.Combine(folder, Json), json =>
        {
            var page = new List<ImageExplanation>();
            var any = false;
            foreach (var entry in entries.Concat(Rest(each, e => cancelled = e)))
            {
                json.Write(any ? ",\n"u8 : "[\n"u8);
                any = true;
                JsonSerializer.Serialize(json, entry.Explanation ?? (object)new { entry.File, entry.Error }, JsonOutput.Options);
                if (entry.Explanation is not { } explanation) continue;
                count++;
                if (page.Count == perPage) WritePage(page);
                page.Add(explanation);
            }
            WritePage(page);
            json.Write("\n]\n"u8);
        });
        if (cancelled is not null) ExceptionDispatchInfo.Throw(cancelled);
        return count;
    }

    /// <summary>What is left, up to a cancellation.</summary>
    private static IEnumerable<ExplainedFile> Rest(IEnumerator<ExplainedFile> each, Action<OperationCanceledException> cancelled)
    {
        while (true)
        {
            try { if (!each.MoveNext()) yield break; }
            catch (OperationCanceledException e)
            {
                cancelled(e);
                yield break;
            }
            yield return each.Current;
        }
    }

    private void WritePage(List<ImageExplanation> page)
    {
        var before = pages.Count * perPage;
        var path = Path.Combine(folder, pages.Count == 0 ? "explanation.html" : $"explanation-{CommandText.Of(pages.Count + 1)}.html");
        Note(path);
        ExplanationPage.Write(path, page, attributes, (i, drawn, png) => WritePicture(PictureName(before + i + 1, page[i].Name, drawn), png));
        pages.Add(path);
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

/// <summary>A file with its explanation, or with the reason why there is none.</summary>
/// <param name="File">Path as it was given.</param>
/// <param name="Explanation">The explanation; null when the file could not be read or scored.</param>
/// <param name="Error">Why not; null when there is one.</param>
internal sealed record ExplainedFile(string File, ImageExplanation? Explanation, string? Error);
