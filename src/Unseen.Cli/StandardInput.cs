using System.Text.RegularExpressions;

namespace Unseen.Cli;

/// <summary>Lines of standard input.</summary>
internal static partial class StandardInput
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Lines without a byte order mark; a waiting read gives way to cancellation.</summary>
    /// <param name="cancellation">Ends the wait for a line.</param>
    /// <exception cref="UnseenException">Standard input is closed.</exception>
    public static IEnumerable<string> Lines(CancellationToken cancellation)
    {
        if (IsClosed()) throw new UnseenException("Standard input is closed, so it cannot be read for '-'. Give it a list of files, or name them as arguments.");
        return Lines(Console.In, cancellation);
    }

    /// <summary>As above, of a reader.</summary>
    internal static IEnumerable<string> Lines(TextReader input, CancellationToken cancellation)
    {
        while (Task.Run(input.ReadLine, cancellation).WaitAsync(cancellation).GetAwaiter().GetResult() is { } line) yield return line.TrimStart('\uFEFF');
    }

    /// <summary>
    /// Whether the descriptor was closed when the process began: the runtime's own first pipe then has its number, and a read would wait for this process itself. So it
    /// is a pipe of which this process has the other end. Only Linux tells.
    /// </summary>
    private static bool IsClosed() => OperatingSystem.IsLinux() && Target("0") is { } pipe && pipe.StartsWith("pipe:", StringComparison.Ordinal)
        && Directory.EnumerateFileSystemEntries(Descriptors).Select(path => Path.GetFileName(path)!).Any(name => Target(name) == pipe && IsWritable(name));

    /// <summary>What a descriptor is open on; null when it is gone.</summary>
    private static string? Target(string name)
    {
        try { return new FileInfo($"{Descriptors}/{name}").LinkTarget; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }

    private static bool IsWritable(string name)
    {
        try { return Flags().Match(File.ReadAllText($"{Descriptors}info/{name}")) is { Success: true } flags && "12".Contains(flags.Groups[1].Value, StringComparison.Ordinal); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }

    /// <summary>The last octal digit of the flags holds the access: 0 reads, 1 writes, 2 both.</summary>
    [GeneratedRegex(@"^flags:\s+[0-7]*([0-3])$", RegexOptions.Multiline)]
    private static partial Regex Flags();
}
