using System.Reflection;
using System.Runtime.InteropServices;

namespace Unseen.Experiments;

/// <summary>The machine and versions behind a report.</summary>
internal static class RunEnvironment
{
    public static IReadOnlyDictionary<string, string> Describe(Precision precision) => new Dictionary<string, string>
    {
        ["unseen"] = typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
        ["torch"] = TorchSharp.torch.__version__,
        ["threads"] = $"{TorchSharp.torch.get_num_threads()}",
        ["precision"] = precision.ToString().ToLowerInvariant(),
        ["peakMemoryMiB"] = $"{System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20}",
    };
}
