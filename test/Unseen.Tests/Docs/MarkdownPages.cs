using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Unseen.Tests.Docs;

/// <summary>A block between ``` fences.</summary>
internal sealed record CodeBlock(string Language, string Text, int Line);

/// <summary>A page of the repository, with its links, headings and code blocks told apart.</summary>
internal sealed partial record MarkdownPage(string Path, string Prose, IReadOnlyList<CodeBlock> Blocks)
{
    [GeneratedRegex(@"(?<!\\)\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} +(.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    public IEnumerable<string> Links => Link().Matches(InlineCode().Replace(Prose, "")).Select(m => m.Groups[1].Value);

    /// <summary>Anchors as hosting sites make them: lower case, words joined by dashes, punctuation dropped.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Prose)
        .Select(m => Regex.Replace(m.Groups[1].Value.ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));

    public static MarkdownPage Read(string path)
    {
        var (prose, blocks) = (new List<string>(), new List<CodeBlock>());
        (string Language, List<string> Lines, int Start)? open = null;
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (open is { } block) blocks.Add(new CodeBlock(block.Language, string.Join('\n', block.Lines), block.Start));
                open = open is null ? (line[3..].Trim(), [], index + 1) : null;
            }
            else if (open is { } inside) inside.Lines.Add(line);
            else prose.Add(line);
        }
        Assert.True(open is null, $"{path}: a code block is not closed");
        return new MarkdownPage(path, string.Join('\n', prose), blocks);
    }
}

/// <summary>All pages of the repository.</summary>
internal static class MarkdownPages
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", "runs", ".git"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, for theories.</summary>
    public static IEnumerable<string> Paths => Find(Root).Select(p => System.IO.Path.GetRelativePath(Root, p)).Order(StringComparer.Ordinal);

    public static MarkdownPage Page(string path) => MarkdownPage.Read(System.IO.Path.Combine(Root, path));

    private static IEnumerable<string> Find(string folder) =>
        Directory.EnumerateFiles(folder, "*.md").Concat(Directory.EnumerateDirectories(folder)
            .Where(d => !Skipped.Contains(System.IO.Path.GetFileName(d))).SelectMany(Find));

    private static string FindRoot([CallerFilePath] string here = "") => System.IO.Path.GetFullPath(System.IO.Path.Combine(here, "..", "..", "..", ".."));
}
