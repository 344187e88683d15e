using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Unseen.EndToEnd;

/// <summary>Programs of one file, and anything else that is run as a process.</summary>
internal static class SingleFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Builds and runs a program of one file on the library as it is built already; what it says on standard output.</summary>
    public static string Run(string file, string workingFolder, params IEnumerable<string> arguments)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Split('_')[0];
        return Process(workingFolder, "dotnet",
            ["run", "-c", configuration, "--property:BuildProjectReferences=false", Path.Combine(Root, file), "--", .. arguments]).Output;
    }

    /// <summary>Runs a program to its end, on one thread since tests share their machine; fails unless it exits with 0.</summary>
    public static Finished Process(string workingFolder, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["UNSEEN_PROGRAM"] = Command.Program;
        using var process = System.Diagnostics.Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience)) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}\n{output.Result}{error.Result}");
        return new(process.ExitCode, output.Result, error.Result);
    }

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "..", "..", ".."));
}
