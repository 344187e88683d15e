using Unseen.Cli;

namespace Unseen.Tests.Cli;

/// <summary>One command line run inside the test process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static CliRun Of(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = CommandLine.Run(arguments, output, error);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
