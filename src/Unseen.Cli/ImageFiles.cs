using System.IO.Enumeration;
using System.Text;
using System.Text.RegularExpressions;
using Unseen.Features;

namespace Unseen.Cli;

/// <summary>Turns the arguments of a command into picture files: files, folders, patterns with * and ?, and "-" for a list on standard input.</summary>
internal static class ImageFiles
{
    /// <summary>What is said when neither an argument nor standard input names a picture.</summary>
    public const string NoPicture = "There was no picture: the list on standard input was empty.";

    /// <summary>
    /// The files, in the order of the arguments; those of a folder or pattern in ordinal order. What is not there is given as it is. A folder
    /// without a picture and a pattern that matches nothing are a problem each and do not stop the others; files of a folder or pattern that are
    /// no pictures by their names are noted.
    /// </summary>
    /// <param name="arguments">Files, folders, patterns, "-".</param>
    /// <param name="lines">Lines of standard input.</param>
    public static InputFiles Expand(IReadOnlyList<string> arguments, Func<IEnumerable<string>> lines)
    {
        var (problems, notes) = (new List<string>(), new List<string>());
        var parts = arguments.Select(argument => argument == "-" ? null : Expand(argument, problems, notes)).ToList();
        if (!parts.Contains(null)) return new([.. parts.SelectMany(part => part!)], problems, notes);
        var listed = lines().Where(line => line.Length > 0);
        var files = parts.SelectMany(part => part ?? listed);
        return new(files, problems, notes);
    }

    private static string[] Expand(string argument, List<string> problems, List<string> notes)
    {
        var isFolder = Directory.Exists(argument);
        if (!isFolder && (File.Exists(argument) || argument.AsSpan().IndexOfAny('*', '?') < 0)) return [argument];
        var before = problems.Count;
        var all = isFolder ? Files(argument, _ => true, problems) : Matches(argument, problems);
        string[] found = [.. all.Where(f => PictureFiles.IsPicture(f))];
        string[] others = [.. all.Where(f => !PictureFiles.IsPicture(f) && !Path.GetFileName(f.AsSpan()).StartsWith('.'))];
        if (found.Length == 0 && problems.Count == before)
            problems.Add($"{argument}: {(isFolder ? "the folder has no picture" : "no picture matches this pattern")} ({string.Join(", ", PictureFiles.Extensions)}).");
        if (others.Length > 0) notes.Add($"{argument}: {PictureFiles.LeftOut(others)} left out: no pictures by their names.");
        return found;
    }

    private static string[] Matches(string argument, List<string> problems)
    {
        var (root, pattern) = Pattern(argument);
        return Directory.Exists(root) ? Files(root, path => pattern.IsMatch(path.Replace('\\', '/')), problems) : [];
    }

    /// <summary>
    /// Files below a folder. Links to folders are not followed, so that a circle of links has an end; a folder that may not be read is a problem.
    /// </summary>
    private static string[] Files(string folder, Func<string, bool> isWanted, List<string> problems)
    {
        var (found, folders) = (new List<string>(), new Stack<string>([folder]));
        while (folders.TryPop(out var next))
        {
            try
            {
                foreach (var (path, isFolder) in Entries(next))
                    if (isFolder) folders.Push(path);
                    else if (isWanted(path)) found.Add(path);
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                problems.Add($"{next}: the folder cannot be read: {e.Message}");
            }
        }
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static FileSystemEnumerable<(string Path, bool IsFolder)> Entries(string folder) =>
        new(folder, (ref FileSystemEntry entry) => (entry.ToSpecifiedFullPath(), entry.IsDirectory), new() { IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };

    /// <summary>The deepest folder without a wildcard, and the whole pattern: * and ? stay within a folder, ** crosses folders wherever it stands.</summary>
    private static (string Root, Regex Pattern) Pattern(string argument)
    {
        var normal = argument.Replace('\\', '/');
        var before = normal[..normal.AsSpan().IndexOfAny('*', '?')];
        var root = before.Contains('/', StringComparison.Ordinal) ? before[..(before.LastIndexOf('/') + 1)] : ".";
        var text = new StringBuilder(root == "." ? @"^(\./)?" : "^");
        for (var i = 0; i < normal.Length; i++)
        {
            if (normal.AsSpan(i).StartsWith("**/", StringComparison.Ordinal))
            {
                text.Append("(.*/)?");
                i += 2;
            }
            else if (normal.AsSpan(i).StartsWith("**", StringComparison.Ordinal))
            {
                text.Append(".*");
                i++;
            }
            else text.Append(normal[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
        }
        return (root, new Regex(text.Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
    }
}

/// <summary>What the arguments of a command stand for.</summary>
/// <param name="Files">The pictures.</param>
/// <param name="Problems">Arguments that stand for nothing, a line each.</param>
/// <param name="Notes">What was left out, a line each; no problem.</param>
internal sealed record InputFiles(IEnumerable<string> Files, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes)
{
    /// <summary>Tells problems and notes.</summary>
    public void Tell(TextWriter error)
    {
        foreach (var line in (IEnumerable<string>)[.. Problems, .. Notes]) error.WriteLine(PrintableWriter.OneLine(line));
    }
}
