using System.Text.RegularExpressions;
using Xunit;

namespace Unseen.Tests.Docs;

/// <summary>The tests that docs/results/speed.md names for the server's faults.</summary>
public sealed partial class FaultTableTests
{
    [Fact]
    public void Every_fault_names_a_test_that_exists()
    {
        var page = MarkdownPages.Page("docs/results/speed.md").Prose;
        var rows = page[page.IndexOf("\n## Faults", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToList();
        Assert.InRange(rows.Count, 10, 100);
        var tests = Directory.EnumerateFiles(Path.Combine(MarkdownPages.Root, "test"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(file => Path.GetFileName(file));
        Assert.All(rows, row =>
        {
            var named = Named().Match(row);
            Assert.True(named.Success, row);
            Assert.Contains(tests[$"{named.Groups["class"]}.cs"], file => File.ReadAllText(file).Contains($" {named.Groups["test"]}(", StringComparison.Ordinal));
        });
    }

    [GeneratedRegex(@"\| `(?<class>\w+)\.(?<test>\w+)` \|$")]
    private static partial Regex Named();
}
