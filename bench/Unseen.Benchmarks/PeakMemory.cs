using System.Runtime.InteropServices;

namespace Unseen.Benchmarks;

/// <summary>Peak resident memory of an action, by resetting the kernel's high-water mark (Linux).</summary>
internal static class PeakMemory
{
    private const string ResetPeak = "5";

    /// <summary>Mebibytes by which the action's peak exceeds the memory before it; NaN where the kernel does not tell.</summary>
    public static double OfMebibytes(Action action)
    {
        if (!File.Exists("/proc/self/clear_refs")) return double.NaN;
        GC.Collect();
        _ = TrimHeap(0);
        File.WriteAllText("/proc/self/clear_refs", ResetPeak);
        var before = Read("VmRSS:");
        action();
        return (Read("VmHWM:") - before) / 1024;
    }

    /// <summary>Gives freed memory back to the kernel, so that what an earlier action left does not hide the peak of this one.</summary>
    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int TrimHeap(nuint keep);

    private static double Read(string field) => double.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);
}
