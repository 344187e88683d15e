using System.Diagnostics;
using System.Text;

namespace Unseen.EndToEnd;

/// <summary>The command `unseen` as a process.</summary>
internal sealed class Command : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly Task reading;
    private readonly List<string> errors = [];

    private Command(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string? input = null, long fileKibibytes = 0)
    {
        string[] limited = ["-c", $"ulimit -f {fileKibibytes} && exec dotnet \"$@\"", "unseen", Program, .. arguments];
        var start = new ProcessStartInfo(fileKibibytes > 0 ? "bash" : "dotnet", fileKibibytes > 0 ? limited : [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors) errors.Add(line.Data ?? "");
        };
        process.BeginErrorReadLine();
        reading = Read();
        if (input is not null) process.StandardInput.Write(input);
    }

    /// <summary>Unseen.Cli.dll in the artifacts folder, of the same build configuration as this test.</summary>
    public static string Program
    {
        get
        {
            var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            return Path.GetFullPath(Path.Combine(here, "..", "..", "Unseen.Cli", Path.GetFileName(here), "Unseen.Cli.dll"));
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static Finished Run(params string[] arguments) => Run(arguments, null);

    /// <summary>Runs a command to its end, with more environment variables.</summary>
    public static Finished Run(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        using var command = new Command(arguments, environment);
        return command.Wait();
    }

    /// <summary>Runs a command to its end with a text on its standard input.</summary>
    public static Finished RunWithInput(string input, params string[] arguments)
    {
        using var command = new Command(arguments, null, input);
        command.process.StandardInput.Close();
        return command.Wait();
    }

    /// <summary>Starts a command whose standard input stays open after a text.</summary>
    public static Command StartWithInput(string input, params string[] arguments) => new(arguments, null, input);

    /// <summary>Starts a command that the test will interrupt.</summary>
    public static Command Start(params string[] arguments) => new(arguments, null);

    /// <summary>Starts a command with more environment variables.</summary>
    public static Command Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => new(arguments, environment);

    /// <summary>Starts a command that can write no file larger than a limit.</summary>
    public static Command StartLimited(long kibibytes, IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        new(arguments, environment, null, kibibytes);

    /// <summary>Files that the process has in its memory, assemblies among them (Linux).</summary>
    public string MappedFiles => File.ReadAllText($"/proc/{process.Id}/maps");

    /// <summary>Waits until standard error holds a text.</summary>
    public void WaitForError(string text) => WaitFor(text, () => Errors, "error");

    /// <summary>Waits until standard output holds a text.</summary>
    public void WaitForOutput(string text) => WaitFor(text, () => Output, "output");

    private void WaitFor(string text, Func<string> written, string stream)
    {
        var clock = Stopwatch.StartNew();
        for (var ended = false; ; Thread.Sleep(20))
        {
            if (written().Contains(text, StringComparison.Ordinal)) return;
            if (ended || clock.Elapsed > Patience)
                throw new InvalidOperationException($"'{text}' was never written to standard {stream}: {written()} {Errors}");
            ended = process.HasExited;
            if (ended) process.WaitForExit();           // the last lines may still be on their way
        }
    }

    /// <summary>Sends a signal such as INT.</summary>
    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{process.Id}"]).WaitForExit();

    /// <summary>Waits for the end.</summary>
    public Finished Wait()
    {
        if (!process.WaitForExit(Patience)) throw new TimeoutException($"The command did not end within {Patience}: {Errors}");
        process.WaitForExit();
        reading.GetAwaiter().GetResult();
        return new(process.ExitCode, Output, Errors);
    }

    private async Task Read()
    {
        var block = new char[4096];
        for (int count; (count = await process.StandardOutput.ReadAsync(block).ConfigureAwait(false)) > 0;)
            lock (output) output.Append(block, 0, count);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    private string Errors
    {
        get
        {
            lock (errors) return string.Join('\n', errors);
        }
    }
}

/// <summary>A command that has ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error);
