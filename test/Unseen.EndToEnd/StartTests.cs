using System.Diagnostics;
using Xunit;

namespace Unseen.EndToEnd;

public sealed class StartTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("train --help")]
    [InlineData("predict --help")]
    [InlineData("classes --help")]
    [InlineData("doktor")]
    public void Nothing_native_is_loaded_before_it_is_needed(string commandLine)
    {
        var log = Directory.CreateTempSubdirectory("unseen-loader-");
        try
        {
            var trace = new Dictionary<string, string> { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = Path.Combine(log.FullName, "log") };
            Command.Run(commandLine.Split(' '), trace);
            var loaded = string.Concat(log.EnumerateFiles().Select(file => File.ReadAllText(file.FullName)));
            Assert.Contains("libcoreclr.so", loaded, StringComparison.Ordinal);
            Assert.All(["torch", "onnxruntime", "SkiaSharp"],
                name => Assert.DoesNotContain(name, loaded, StringComparison.OrdinalIgnoreCase));
        }
        finally
        {
            log.Delete(recursive: true);
        }
    }

    /// <summary>
    /// ONNX Runtime's own telemetry would keep an identifier of the machine and a queue of what it sends there. It is silent by itself where a variable
    /// of a build service is set.
    /// </summary>
    [Fact]
    public void Nothing_is_kept_in_the_home_folder_to_be_sent_to_anyone()
    {
        var home = Directory.CreateTempSubdirectory("unseen-home-");
        try
        {
            string[] silencing = ["ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TRAVIS", "JENKINS_URL",
                "CODEBUILD_BUILD_ID", "BUILDKITE", "TEAMCITY_VERSION", "APPVEYOR", "BITBUCKET_BUILD_NUMBER", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "XDG_CACHE_HOME"];
            var environment = silencing.ToDictionary(name => name, _ => "");
            environment["HOME"] = home.FullName;
            var doctor = Command.Run(["doctor"], environment);
            Assert.Matches("ok +ONNX Runtime", doctor.Output);
            Assert.Empty(home.EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }));
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("2>&-", "methods", 0)]
    [InlineData("2>&-", "data info no-such-folder", 1)]
    [InlineData("2>&-", "train", 1)]
    [InlineData("2>&- >&-", "data info no-such-folder", 1)]
    public void A_closed_stream_is_no_crash(string redirection, string commandLine, int exitCode) => Assert.Equal(exitCode, Shell($"dotnet \"$@\" {redirection}", commandLine).ExitCode);

    /// <summary>It would wait for itself for ever.</summary>
    [Theory]
    [InlineData("predict no-such-run -")]
    [InlineData("explain no-such-run - --out no-such-folder")]
    public void A_closed_standard_input_is_named(string commandLine)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("only Linux tells");
        var finished = Shell("dotnet \"$@\" <&-", commandLine);
        Assert.Equal((1, "Standard input is closed, so it cannot be read for '-'. Give it a list of files, or name them as arguments.\n"), (finished.ExitCode, finished.Error));
        Assert.DoesNotContain("closed", Shell("echo a.jpg | dotnet \"$@\"", commandLine).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("closed", Shell("dotnet \"$@\" < /dev/null", commandLine).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("--help")]
    public void A_folder_that_is_gone_under_the_command_is_named(string commandLine)
    {
        var finished = Shell("folder=$(mktemp -d) && cd $folder && rmdir $folder && dotnet \"$@\"", commandLine);
        Assert.Equal((1, "The folder in which this command was started does not exist any more. Change to another one.\n"), (finished.ExitCode, finished.Error));
    }

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "doctor")]
    [InlineData(0, "methods")]
    [InlineData(2, "doktor")]
    [InlineData(2, "train --frob")]
    [InlineData(1, "data info no-such-folder")]
    public void Exit_codes_reach_the_shell(int exitCode, string commandLine) =>
        Assert.Equal(exitCode, Command.Run(commandLine.Split(' ')).ExitCode);

    /// <summary>Runs a script whose arguments are the program and its command line.</summary>
    private static Finished Shell(string script, string commandLine)
    {
        string[] arguments = ["-c", script, "unseen", Command.Program, .. commandLine.Split(' ')];
        using var process = Process.Start(new ProcessStartInfo("bash", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new(process.ExitCode, output.Result, error.Result);
    }
}
