using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Unseen.Cli.Diagnostics;

/// <summary>Looks at everything that Unseen needs from the machine.</summary>
internal static class Doctor
{
    private const long LeastFreeMemory = 1L << 30;

    /// <summary>All checks, in the order they are shown.</summary>
    public static IReadOnlyList<DoctorCheck> Examine() =>
    [
        new("Unseen", true, VersionOf(typeof(UnseenException).Assembly)),
        new(".NET", true, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}"),
        new("system", true, RuntimeInformation.OSDescription),
        new("TorchSharp", true, VersionOf(Assembly.Load("TorchSharp"))),
        .. NativeLibraries.All.Select(library => NativeLibraries.Try(library.Name, library.Use)),
        new("device", true, "cpu"),
        new("threads", true, Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        new("instruction sets", true, InstructionSets.Found() is { Count: > 0 } found ? string.Join(' ', found) : "no AVX2, AVX512 or AMX"),
        MemoryCheck(Memory.Free, Memory.Total),
        DataCheck(Environment.GetEnvironmentVariable("UNSEEN_DATA")),
    ];

    /// <summary>Fails when less than 1 GiB is free.</summary>
    public static DoctorCheck MemoryCheck(long free, long total) => free >= LeastFreeMemory
        ? new("free memory", true, $"{Memory.Show(free)} of {Memory.Show(total)}")
        : new("free memory", false, $"{Memory.Show(free)} of {Memory.Show(total)}",
            "Training needs at least 1 GiB: end other programs or raise the limit.");

    /// <summary>UNSEEN_DATA may be unset; when set, it must name a folder.</summary>
    public static DoctorCheck DataCheck(string? folder) => folder switch
    {
        null or "" => new("UNSEEN_DATA", true, "not set (only tests on real data use it)"),
        _ when Directory.Exists(folder) => new("UNSEEN_DATA", true, folder),
        _ => new("UNSEEN_DATA", false, $"{folder} is not a folder",
            "Unset the variable or let it name the folder that holds the datasets."),
    };

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version!.ToString();
}
