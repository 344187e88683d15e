using System.CommandLine;
using Unseen.Cli;
using Xunit;

namespace Unseen.Tests.Cli;

/// <summary>What happens when the command line itself is wrong.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("doktor")]
    [InlineData("data")]
    [InlineData("data check")]
    [InlineData("data check a b")]
    [InlineData("data check --frob")]
    [InlineData("methods --frob")]
    [InlineData("extract --dataset d")]
    [InlineData("extract --dataset d --backbone b --out o --dtype f64")]
    [InlineData("extract --dataset d --backbone b --out o --drop-tokens many")]
    [InlineData("extract --dataset d --backbone b --out o --threads 0")]
    [InlineData("extract merge --out o")]
    [InlineData("train --protocol dirty")]
    [InlineData("train --seed 1 --seeds 2,3")]
    [InlineData("train --resume --force")]
    [InlineData("train --threads 0")]
    [InlineData("train --threads many")]
    [InlineData("predict run a.jpg --threads 100000")]
    [InlineData("train --resume=perhaps --force")]
    [InlineData("demo --seed x")]
    [InlineData("train --device gpu")]
    [InlineData("demo --spurious 2")]
    [InlineData("demo --spurious much")]
    [InlineData("eval")]
    [InlineData("eval run --features f")]
    [InlineData("data init d")]
    [InlineData("data import")]
    [InlineData("data import xlsa17 --out o")]
    public void Wrong_usage_exits_with_2_and_says_so_on_standard_error(string commandLine)
    {
        var run = CliRun.Of(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.NotEqual("", run.Error);
    }

    [Fact]
    public void A_mistyped_command_gets_a_suggestion() =>
        Assert.Contains("'doktor' was not matched. Did you mean one of the following?\ndoctor\n", CliRun.Of("doktor").Error,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("predict", "RUN is missing. Run folder or its model folder.")]
    [InlineData("predict run", "IMAGE is missing. Picture files, folders, patterns with *, ? and **, or - for a list of files on standard input.")]
    [InlineData("classes run add", "CLASS is missing. Name of the new class.")]
    [InlineData("predict run a.jpg --top x", "--top must be a whole number, found 'x'.")]
    [InlineData("serve run --max-body x", "--max-body must be a whole number, found 'x'.")]
    [InlineData("serve run --timeout x", "--timeout must be a number, found 'x'.")]
    [InlineData("demo --seed x", "--seed must be a whole number, found 'x'.")]
    [InlineData("predict run a.jpg --top 0", "--top must be at least 1.")]
    [InlineData("classes list run", "RUN comes first: unseen classes RUN list.")]
    [InlineData("classes add Finch", "RUN comes first: unseen classes RUN add.")]
    [InlineData("classes list", "RUN comes first: unseen classes RUN list.")]
    [InlineData("classes run remove --json", "Unrecognized option '--json'.")]
    public void What_is_missing_or_wrong_is_named(string commandLine, string expected)
    {
        var run = CliRun.Of(commandLine.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected + "\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_value_is_refused_and_two_dashes_end_the_options()
    {
        var empty = CliRun.Of("explain", "run", "a.jpg", "--out", "");
        Assert.Equal((2, "--out is empty.\n'unseen explain --help' explains the options.\n"), (empty.ExitCode, empty.Error));
        var dashes = CliRun.Of("predict", "nowhere", "--", "--json.jpg");
        Assert.Equal(1, dashes.ExitCode);
        Assert.DoesNotContain("Unrecognized", dashes.Error, StringComparison.Ordinal);
        Assert.StartsWith("--candidates: ", CliRun.Of("predict", "run", "a.jpg", "--candidates", "foo").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_that_ends_in_usage_names_its_own_help() =>
        Assert.EndsWith("'unseen data check --help' explains the options.\n", CliRun.Of("data", "check").Error, StringComparison.Ordinal);

    [Fact]
    public void Help_and_version_exit_with_0()
    {
        Assert.Contains("unseen [command] [options]", CliRun.Of("--help").Output, StringComparison.Ordinal);
        Assert.Equal(0, CliRun.Of("--help").ExitCode);
        Assert.Equal(0, CliRun.Of("--version").ExitCode);
    }

    public static TheoryData<string> Commands => [.. Paths(CommandLine.Create())];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_explains_itself(string path)
    {
        var run = CliRun.Of([.. path.Split(' ').Skip(1), "--help"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        // `unseen classes RUN list`: an argument of the outer command stands between the words.
        Assert.Contains($"  {path}", run.Output.Replace(" <RUN> ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(Command command, string prefix = "") =>
        [prefix + command.Name, .. command.Subcommands.SelectMany(inner => Paths(inner, $"{prefix}{command.Name} "))];
}
