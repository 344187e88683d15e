using Xunit;

namespace Unseen.Tests.Docs;

/// <summary>The README's example is the compiled one, and its commands name what exists.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_is_the_compiled_one()
    {
        var shown = Assert.Single(MarkdownPages.Page("README.md").Blocks, b => b.Language == "csharp").Text;
        var source = File.ReadAllLines(Path.Combine(MarkdownPages.Root, "test", "Unseen.Tests", "Docs", "ReadmeExample.cs"));
        Assert.Equal(string.Join("\n\n", Regions(source)), shown);
    }

    [Fact]
    public void The_two_commands_name_projects_and_files_that_exist()
    {
        var text = string.Join('\n', MarkdownPages.Page("README.md").Blocks.Select(b => b.Text));
        Assert.Contains("dotnet run -c Release --project src/Unseen.Cli -- demo --out runs/demo", text, StringComparison.Ordinal);
        Assert.Contains("dotnet test -c Release", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(MarkdownPages.Root, "src", "Unseen.Cli", "Unseen.Cli.csproj")));
        Assert.Single(Directory.GetFiles(MarkdownPages.Root, "*.slnx"));
    }

    private static IEnumerable<string> Regions(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() != "#region README") continue;
            var indent = lines[i].Length - lines[i].TrimStart().Length;
            var region = lines.Skip(i + 1).TakeWhile(l => l.Trim() != "#endregion");
            yield return string.Join('\n', region.Select(l => l.Length > indent ? l[indent..] : ""));
        }
    }
}
