using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Unseen.Features;

/// <summary>
/// Resizes pictures with antialiasing, bit-equal to Pillow: first across, then down, 22-bit weights, rounded to 8 bits after each pass.
/// </summary>
public static class PillowResampler
{
    private const int Half = 1 << (ResampleKernel.PrecisionBits - 1);
    private const int StripRows = 16;
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

    /// <summary>
    /// Turns strips of rows on their side, so that the pass across is the same vectorised pass as the one down and stays in the cache.
    /// </summary>
    private static DecodedImage Across(DecodedImage image, int width, Interpolation interpolation)
    {
        var kernel = Kernel(image.Width, width, interpolation);
        var result = new DecodedImage(image.Height, width);
        ReadOnlySpan<uint> from = image.Words;
        var to = result.Words;
        var rented = ArrayPool<uint>.Shared.Rent((image.Width + 1) * StripRows);
        var strip = rented.AsSpan(0, image.Width * StripRows);
        var column = rented.AsSpan(strip.Length, StripRows);
        for (var top = 0; top < image.Height; top += StripRows)
        {
            var rows = Math.Min(StripRows, image.Height - top);
            Transpose(from.Slice(top * image.Width, rows * image.Width), strip, image.Width);
            for (var x = 0; x < width; x++)
            {
                var weights = kernel.WeightsOf(x);
                WeightedSum(strip.Slice(kernel.First[x] * StripRows, weights.Length * StripRows), column, weights);
                for (var row = 0; row < rows; row++) to[((top + row) * width) + x] = column[row];
            }
        }
        ArrayPool<uint>.Shared.Return(rented);
        return result;
    }

    /// <summary>Rows of <paramref name="width"/> pixels become columns of a strip that is <see cref="StripRows"/> pixels wide.</summary>
    private static void Transpose(ReadOnlySpan<uint> rows, Span<uint> strip, int width)
    {
        for (var (first, row) = (0, 0); first < rows.Length; first += width, row++)
        {
            var pixels = rows.Slice(first, width);
            for (int x = 0, at = row; x < pixels.Length; x++, at += StripRows) strip[at] = pixels[x];
        }
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
        for (; x + 8 <= output.Length; x += 8) EightSums(rows[x..], output.Length, weights).CopyTo(output[x..]);
        for (; x < output.Length; x++)
        {
            var sum = Vector128.Create(Half);
            for (var k = 0; k < weights.Length; k++) sum += Widen(rows[(k * output.Length) + x]) * weights[k];
            output[x] = Narrow(sum);
        }
    }

    private static Vector256<uint> EightSums(ReadOnlySpan<uint> rows, int stride, ReadOnlySpan<int> weights)
    {
        Vector256<int> a = Vector256.Create(Half), b = a, c = a, d = a;
        for (int k = 0, at = 0; k < weights.Length; k++, at += stride)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(rows.Slice(at, 8)).AsByte());
            var weight = Vector256.Create(weights[k]);
            a += Vector256.WidenLower(low).AsInt32() * weight;
            b += Vector256.WidenUpper(low).AsInt32() * weight;
            c += Vector256.WidenLower(high).AsInt32() * weight;
            d += Vector256.WidenUpper(high).AsInt32() * weight;
        }
        return Vector256.Narrow(Vector256.Narrow(Clip(a), Clip(b)).AsUInt16(), Vector256.Narrow(Clip(c), Clip(d)).AsUInt16()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Clip(Vector256<int> sum) =>
        Vector256.Min(Vector256.Max(sum >> ResampleKernel.PrecisionBits, Vector256<int>.Zero), Vector256.Create(255));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(uint pixel) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Narrow(Vector128<int> sum)
    {
        var clipped = Vector128.Min(Vector128.Max(sum >> ResampleKernel.PrecisionBits, Vector128<int>.Zero), Vector128.Create(255));
        var shorts = Vector128.Narrow(clipped, Vector128<int>.Zero).AsUInt16();
        return Vector128.Narrow(shorts, Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }
}
