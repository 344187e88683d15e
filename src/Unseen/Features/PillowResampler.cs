using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Unseen.Features;

/// <summary>
/// Resizes pictures with antialiasing, bit-equal to Pillow: first across, then down, 22-bit weights, rounded to 8 bits after each pass.
/// </summary>
public static class PillowResampler
{
    private const int Half = 1 << (ResampleKernel.PrecisionBits - 1);
    private const int KeptKernels = 64;
    private static readonly ConcurrentDictionary<(int Inputs, int Outputs, Interpolation Filter), ResampleKernel> Kernels = new();

    /// <summary>Resizes a picture.</summary>
    /// <param name="image">Picture; stays the caller's.</param>
    /// <param name="height">New height in pixels, at least 1.</param>
    /// <param name="width">New width in pixels, at least 1.</param>
    /// <param name="interpolation">Filter.</param>
    /// <returns>A new picture, the caller's to dispose.</returns>
    public static DecodedImage Resize(DecodedImage image, int height, int width, Interpolation interpolation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (width == image.Width) return Down(image, height, interpolation);
        var across = Across(image, width, interpolation);
        if (height == image.Height) return across;
        using (across) return Down(across, height, interpolation);
    }

    private static ResampleKernel Kernel(int inputs, int outputs, Interpolation interpolation)
    {
        if (Kernels.TryGetValue((inputs, outputs, interpolation), out var known)) return known;
        if (Kernels.Count >= KeptKernels) Kernels.Clear(); // pictures of ever new sizes must not fill the memory
        return Kernels[(inputs, outputs, interpolation)] = ResampleKernel.Create(inputs, outputs, interpolation);
    }

    private static DecodedImage Across(DecodedImage image, int width, Interpolation interpolation)
    {
        var kernel = Kernel(image.Width, width, interpolation);
        var result = new DecodedImage(image.Height, width);
        for (var top = 0; top < image.Height; top += 4) FourRowsAcross(image, result, kernel, top);
        return result;
    }

    /// <summary>
    /// Four rows side by side, so that a weight serves four pixels; below the last row it is taken again. The kernel keeps every index inside the
    /// row: no checks.
    /// </summary>
    private static void FourRowsAcross(DecodedImage image, DecodedImage result, ResampleKernel kernel, int top)
    {
        var last = image.Height - 1;
        int second = Math.Min(1, last - top), third = Math.Min(2, last - top), fourth = Math.Min(3, last - top);
        ref var from = ref image.Words[top * image.Width];
        ref var to = ref result.Words[top * result.Width];
        ref var weight = ref kernel.Weights[0];
        var (stride, width, taps) = (image.Width, result.Width, kernel.Taps);
        var firsts = kernel.First;
        for (var x = 0; x < width; x++)
        {
            Vector256<int> low = Vector256.Create(Half), high = low;
            ref var pixel = ref Unsafe.Add(ref from, firsts[x]);
            for (var k = 0; k < taps; k++)
            {
                Accumulate(Vector128.Create(pixel, Unsafe.Add(ref pixel, second * stride), Unsafe.Add(ref pixel, third * stride),
                    Unsafe.Add(ref pixel, fourth * stride)), weight, ref low, ref high);
                pixel = ref Unsafe.Add(ref pixel, 1);
                weight = ref Unsafe.Add(ref weight, 1);
            }
            var sums = Narrow(low, high);
            ref var output = ref Unsafe.Add(ref to, x);
            output = sums[0];
            Unsafe.Add(ref output, second * width) = sums[1];
            Unsafe.Add(ref output, third * width) = sums[2];
            Unsafe.Add(ref output, fourth * width) = sums[3];
        }
    }

    /// <summary>Adds four pixels times a weight: the first two to <paramref name="low"/>, the others to <paramref name="high"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(Vector128<uint> pixels, int weight, ref Vector256<int> low, ref Vector256<int> high)
    {
        if (Avx2.IsSupported)
        {
            low += Avx2.ConvertToVector256Int32(pixels.AsByte()) * weight;
            high += Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(pixels.AsByte(), 8)) * weight;
            return;
        }
        var values = Vector256.WidenLower(pixels.AsByte().ToVector256Unsafe());
        low += Vector256.WidenLower(values).AsInt32() * weight;
        high += Vector256.WidenUpper(values).AsInt32() * weight;
    }

    /// <summary>Four pixels of their 16 sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Narrow(Vector256<int> low, Vector256<int> high)
    {
        if (Avx2.IsSupported)
        {
            var halves = Avx2.PackSignedSaturate(low >> ResampleKernel.PrecisionBits, high >> ResampleKernel.PrecisionBits);
            var pixels = Avx2.PackUnsignedSaturate(halves, Vector256<short>.Zero).AsInt32();     // 0, 2, -, - and 1, 3, -, -
            return Avx2.PermuteVar8x32(pixels, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).GetLower().AsUInt32();
        }
        var shorts = Vector256.Narrow(Clip(low), Clip(high)).AsUInt16();
        return Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).AsUInt32();
    }

    private static DecodedImage Down(DecodedImage image, int height, Interpolation interpolation)
    {
        var result = new DecodedImage(height, image.Width);
        if (height == image.Height)
        {
            image.Pixels.CopyTo(result.Writable);
            return result;
        }
        var kernel = Kernel(image.Height, height, interpolation);
        ReadOnlySpan<uint> from = image.Words;
        var to = result.Words;
        for (var y = 0; y < height; y++)
        {
            var weights = kernel.WeightsOf(y);
            WeightedSum(from.Slice(kernel.First[y] * image.Width, weights.Length * image.Width), to.Slice(y * image.Width, image.Width),
                weights);
        }
        return result;
    }

    /// <summary>Each output pixel is the weighted sum of the pixels above one another in as many rows as there are weights.</summary>
    private static void WeightedSum(ReadOnlySpan<uint> rows, Span<uint> output, ReadOnlySpan<int> weights)
    {
        var x = 0;
        for (; x + 8 <= output.Length; x += 8) EightSums(rows[x..], output.Length, weights, output.Slice(x, 8));
        for (; x < output.Length; x++)
        {
            Vector256<int> low = Vector256.Create(Half), high = low;
            for (var k = 0; k < weights.Length; k++) Accumulate(Vector128.CreateScalar(rows[(k * output.Length) + x]), weights[k], ref low, ref high);
            output[x] = Narrow(low, high).ToScalar();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightSums(ReadOnlySpan<uint> rows, int stride, ReadOnlySpan<int> weights, Span<uint> output)
    {
        Vector256<int> a = Vector256.Create(Half), b = a, c = a, d = a;
        for (int k = 0, at = 0; k < weights.Length; k++, at += stride)
        {
            Accumulate(Vector128.Create(rows.Slice(at, 4)), weights[k], ref a, ref b);
            Accumulate(Vector128.Create(rows.Slice(at + 4, 4)), weights[k], ref c, ref d);
        }
        Narrow(a, b).CopyTo(output);
        Narrow(c, d).CopyTo(output[4..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Clip(Vector256<int> sum) =>
        Vector256.Min(Vector256.Max(sum >> ResampleKernel.PrecisionBits, Vector256<int>.Zero), Vector256.Create(255));
}
