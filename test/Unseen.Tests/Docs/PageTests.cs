using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Unseen.Tests.Docs;

/// <summary>What can be checked of a page without reading it: links, YAML, paths.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Pages => [.. MarkdownPages.Paths];

    [GeneratedRegex(@"(?<![\w.~:/>])/(home|root|work|tmp|Users|mnt|var|opt)/|[A-Z]:\\")]
    private static partial Regex MachinePath();

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string path) => Assert.Empty(BrokenLinks(MarkdownPages.Page(path)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Yaml_blocks_parse(string path)
    {
        foreach (var block in MarkdownPages.Page(path).Blocks.Where(b => b.Language is "yaml" or "yml"))
            new YamlStream().Load(new StringReader(block.Text));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_path_of_one_machine(string path)
    {
        var text = File.ReadAllText(Path.Combine(MarkdownPages.Root, path));
        Assert.Empty(MachinePath().Matches(text).Select(m => m.Value));
    }

    [Fact]
    public void A_broken_link_and_a_broken_anchor_are_found()
    {
        var page = MarkdownPages.Page("README.md");
        var wrong = page with { Prose = "# Here\n[a](missing.md) [b](LICENSE) [c](README.md#the-library) [d](README.md#nothing) [e](#here) [f](https://example.org)" };
        Assert.Equal(["missing.md", "README.md#nothing"], BrokenLinks(wrong));
    }

    [Fact]
    public void Every_page_of_docs_is_in_the_index()
    {
        var index = Path.Combine(MarkdownPages.Root, "docs");
        var linked = MarkdownPages.Page("docs/README.md").Links.Select(l => Path.GetFullPath(Path.Combine(index, l))).ToHashSet();
        var pages = MarkdownPages.Paths.Where(p => p.StartsWith("docs/", StringComparison.Ordinal) && !IsListedElsewhere(p))
            .Select(p => Path.Combine(MarkdownPages.Root, p));
        Assert.Empty(pages.Except(linked));
    }

    [Fact]
    public void Every_decision_is_in_the_list_of_decisions()
    {
        var linked = MarkdownPages.Page("docs/adr/README.md").Links.ToHashSet();
        var decisions = MarkdownPages.Paths.Where(p => p.StartsWith("docs/adr/0", StringComparison.Ordinal)).Select(p => Path.GetFileName(p)!);
        Assert.Empty(decisions.Except(linked));
    }

    private static bool IsListedElsewhere(string path) =>
        path is "docs/README.md" or "docs/pull_request_template.md" || path.StartsWith("docs/adr/0", StringComparison.Ordinal);

    private static IEnumerable<string> BrokenLinks(MarkdownPage page) =>
        page.Links.Where(l => !l.Contains("://", StringComparison.Ordinal) && !l.StartsWith("mailto:", StringComparison.Ordinal) && !Resolves(page, l));

    private static bool Resolves(MarkdownPage page, string link)
    {
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? page.Path : Path.Combine(Path.GetDirectoryName(page.Path)!, parts[0]);
        if (!Path.Exists(target)) return false;
        if (parts.Length == 1) return true;
        var anchors = parts[0].Length == 0 ? page.Anchors : MarkdownPage.Read(target).Anchors;
        return anchors.Contains(parts[1]);
    }
}
