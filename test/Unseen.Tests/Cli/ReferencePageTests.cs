using System.CommandLine;
using System.Runtime.CompilerServices;
using Unseen.Cli;
using Xunit;

namespace Unseen.Tests.Cli;

/// <summary>docs/reference/command-line.md must tell all that the command tree offers, and nothing else.</summary>
public sealed class ReferencePageTests
{
    private static readonly IReadOnlyDictionary<string, string> Sections = ReadSections();

    public static TheoryData<string> Leaves =>
        [.. Tree(CommandLine.Create(), "unseen").Where(c => c.Command.Action is not null).Select(c => c.Path)];

    [Theory]
    [MemberData(nameof(Leaves))]
    public void Every_command_and_option_is_described(string path)
    {
        var section = Assert.Contains(path, Sections);
        var command = Tree(CommandLine.Create(), "unseen").Single(c => c.Path == path).Command;
        Assert.All(command.Options, option => Assert.Contains($"| `{option.Name}", section, StringComparison.Ordinal));
        Assert.All(command.Arguments, argument => Assert.Contains(argument.Name, section, StringComparison.Ordinal));
    }

    [Fact]
    public void No_section_describes_a_command_that_does_not_exist() =>
        Assert.Empty(Sections.Keys.Where(s => s.StartsWith("unseen ", StringComparison.Ordinal))
            .Except(Tree(CommandLine.Create(), "unseen").Select(c => c.Path)));

    [Theory]
    [MemberData(nameof(Leaves))]
    public void No_section_names_an_option_that_does_not_exist(string path)
    {
        var command = Tree(CommandLine.Create(), "unseen").Single(c => c.Path == path).Command;
        var written = System.Text.RegularExpressions.Regex.Matches(Sections[path], "^\\| `(--[a-z-]+)",
            System.Text.RegularExpressions.RegexOptions.Multiline);
        Assert.Empty(written.Select(m => m.Groups[1].Value).Except(command.Options.Select(o => o.Name)));
    }

    private static IEnumerable<(string Path, Command Command)> Tree(Command command, string path) =>
        [(path, command), .. command.Subcommands.SelectMany(inner => Tree(inner, $"{path} {inner.Name}"))];

    private static Dictionary<string, string> ReadSections([CallerFilePath] string here = "")
    {
        var page = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "reference", "command-line.md");
        return File.ReadAllText(page).Split("\n## ").Skip(1)
            .ToDictionary(s => s.Split('\n')[0].Trim('`', ' '), s => s);
    }
}
