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
    [InlineData("extract --dataset d --backbone b --out o --resume --force")]
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
    [InlineData("predict run a.jpg --top 0", "--top must be at least 1, found 0.")]
    [InlineData("data info d --presence 0,1", "--presence must be a number with a decimal point, for example 0.5, found '0,1'.")]
    [InlineData("data info d --presence NaN", "--presence must be a number, found 'NaN'.")]
    [InlineData("demo --spurious 0,5", "--spurious must be a number with a decimal point, for example 0.5, found '0,5'.")]
    [InlineData("demo --spurious 1.5", "--spurious must be from 0 to 1, found 1.5.")]
    [InlineData("serve run --timeout 1,000", "--timeout must be a number with a decimal point, for example 0.5, found '1,000'.")]
    [InlineData("serve run --timeout 0", "--timeout must be more than 0 and at most 86400 seconds, found 0.")]
    [InlineData("extract --dataset d --backbone b --out o --shard 3/3",
        "--shard: A shard must be INDEX/COUNT with index from 0 to count - 1, for example 0/4; found '3/3'.")]
    [InlineData("extract --dataset d --backbone b --out o --grid 7",
        "--grid: A grid must be HEIGHTxWIDTH with sides from 1 to 4096, for example 7x7; found '7'.")]
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
        var name = CliRun.Of("classes", "run", "add", "");
        Assert.Equal((2, "CLASS is empty.\n'unseen classes add --help' explains the options.\n"), (name.ExitCode, name.Error));
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

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("data info --help")]
    [InlineData("methods")]
    public void A_full_disk_is_one_message(string commandLine)
    {
        using var error = new StringWriter { NewLine = "\n" };
        using var full = new FullDisk();
        Assert.Equal((1, "No space left on device\n"), (CommandLine.Run(commandLine.Split(' '), full, error), error.ToString()));
        Assert.Equal(1, CommandLine.Run(commandLine.Split(' '), full, full));
    }

    private sealed class FullDisk : StringWriter
    {
        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Write(char[] buffer, int index, int count) => Write(' ');

        public override void Write(ReadOnlySpan<char> buffer) => Write(' ');

        public override void Write(string? value) => Write(' ');

        public override void WriteLine(string? value) => Write(' ');
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
