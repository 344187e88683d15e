using System.Globalization;

namespace Unseen.Cli.Diagnostics;

/// <summary>Memory of the machine, or of the container when that has a limit.</summary>
internal static class Memory
{
    /// <summary>Bytes that this process may use in all.</summary>
    public static long Total => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes that are free now, never more than <see cref="Total"/>.</summary>
    public static long Free
    {
        get
        {
            const string file = "/proc/meminfo";
            var free = File.Exists(file) ? ParseAvailable(File.ReadLines(file)) : null;
            return Math.Min(Total, free ?? Total - GC.GetGCMemoryInfo().MemoryLoadBytes);
        }
    }

    /// <summary>The line "MemAvailable: N kB" in bytes, or null.</summary>
    public static long? ParseAvailable(IEnumerable<string> lines) => lines
        .Where(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length >= 2)
        .Select(words => (long?)(long.Parse(words[1], CultureInfo.InvariantCulture) * 1024))
        .FirstOrDefault();

    /// <summary>Bytes in words, for example "3.2 GiB".</summary>
    public static string Show(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB");
}
