using System.Globalization;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>What the machine's own matrix products reach, the yardstick for every step.</summary>
internal static class ProductRate
{
    private const int Side = 2048;

    public static string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"matrix products of {Side}: f32 {Measure(float32):F0} GFLOP/s, bf16 {Measure(bfloat16):F0} GFLOP/s, {get_num_threads()} threads");

    private static double Measure(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(Side, Side).to(type), randn(Side, Side).to(type));
        var milliseconds = Stopwatches.Median(() => a.mm(b).Dispose(), 5);
        return 2.0 * Side * Side * Side / milliseconds / 1e6;
    }
}
