using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Unseen.Features;

/// <summary>The passes of the resampler on processors without the instructions of <see cref="PairedTaps"/>, one weight at a time.</summary>
internal static class SingleTaps
{
    /// <summary>Resizes every row of a picture.</summary>
    public static void Across(DecodedImage image, DecodedImage result, ResampleKernel kernel)
    {
        for (var y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<uint> row = image.Words.Slice(y * image.Width, image.Width);
            var output = result.Words.Slice(y * result.Width, result.Width);
            for (var x = 0; x < output.Length; x++) output[x] = WeightedSum(row[kernel.First[x]..], 1, kernel.WeightsOf(x));
        }
    }

    /// <summary>Resizes every column of a picture.</summary>
    public static void Down(DecodedImage image, DecodedImage result, ResampleKernel kernel)
    {
        for (var y = 0; y < result.Height; y++)
        {
            var rows = image.Words[(kernel.First[y] * image.Width)..];
            var output = result.Words.Slice(y * result.Width, result.Width);
            for (var x = 0; x < output.Length; x++) output[x] = WeightedSum(rows[x..], image.Width, kernel.WeightsOf(y));
        }
    }

    private static uint WeightedSum(ReadOnlySpan<uint> pixels, int stride, ReadOnlySpan<int> weights)
    {
        var sum = Vector128.Create(ResampleKernel.Half);
        for (var k = 0; k < weights.Length; k++) sum += Channels(pixels[k * stride]) * weights[k];
        var clipped = Vector128.Min(Vector128.Max(sum >> ResampleKernel.PrecisionBits, Vector128<int>.Zero), Vector128.Create(255));
        var shorts = Vector128.Narrow(clipped, clipped).AsUInt16();
        return Vector128.Narrow(shorts, shorts).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Channels(uint pixel) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32();
}
