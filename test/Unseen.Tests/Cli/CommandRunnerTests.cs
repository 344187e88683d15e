using System.CommandLine;
using Unseen.Cli;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class CommandRunnerTests
{
    [Fact]
    public void A_problem_of_the_user_is_one_message() => Assert.Equal((1, "Mend it.\n"), Run(_ => throw new UnseenException("Mend it.")));

    [Fact]
    public void A_missing_file_is_a_problem_of_the_user() => Assert.Equal((1, "no file\n"), Run(_ => throw new FileNotFoundException("no file")));

    [Fact]
    public void A_part_of_the_program_that_cannot_be_loaded_is_no_problem_of_the_user() =>
        Assert.StartsWith("Unexpected error.", Run(_ => throw new FileNotFoundException("Could not load.", "Some.Part, Version=1.0.0.0, Culture=neutral")).Error, StringComparison.Ordinal);

    [Fact]
    public void A_mistake_of_the_program_keeps_its_trace_and_does_not_crash()
    {
        var (exitCode, error) = Run(_ => throw new InvalidOperationException("oops"));
        Assert.Equal(1, exitCode);
        Assert.StartsWith("Unexpected error. This is a mistake in Unseen; please report it with the lines below.", error, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: oops\n   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_control_character_of_a_name_does_not_reach_the_terminal() =>
        Assert.Equal((1, "?[31m red?,\ta line\nand one\n"), Run(_ => throw new UnseenException("\u001b[31m red\u009b,\ta line\nand one")));

    [Fact]
    public void Lines_that_come_while_a_bar_is_drawn_come_after_it()
    {
        using var terminal = new StringWriter { NewLine = "\n" };
        using var error = new PrintableWriter(terminal);
        Assert.Equal(7, error.Hold(() =>
        {
            error.WriteLine("a line");
            terminal.WriteLine("the bar");
            return 7;
        }));
        error.Write('!');
        Assert.Equal("the bar\na line\n!", terminal.ToString());
    }

    [Fact]
    public void The_exit_code_of_the_handler_is_passed_on() => Assert.Equal((7, ""), Run(_ => 7));

    [Theory]
    [InlineData("extract", "Cancelled. Continue with --resume.")]
    [InlineData("train", "Cancelled. Continue with --resume.")]
    [InlineData("reproduce", "Cancelled. Continue with --resume.")]
    [InlineData("predict", "Cancelled.")]
    [InlineData("demo", "Cancelled.")]
    [InlineData("extract merge", "Cancelled.")]
    public void A_cancelled_command_says_how_to_go_on(string name, string expected) => Assert.Equal(expected, CommandRunner.Cancelled(
        name.Split(' ').Aggregate(CommandLine.Create(), (command, part) => command.Subcommands.Single(inner => inner.Name == part))));

    private static (int ExitCode, string Error) Run(Func<CommandContext, int> handler)
    {
        using var error = new StringWriter { NewLine = "\n" };
        var root = new Command("unseen") { CommandLine.Verbose };
        var exitCode = root.Handle(handler).Parse([]).Invoke(new() { Error = error, EnableDefaultExceptionHandler = false });
        return (exitCode, error.ToString());
    }
}
