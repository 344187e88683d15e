using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Unseen.Features;

/// <summary>Resizes pictures with antialiasing, bit-equal to Pillow: first across, then down, 22-bit weights, rounded to 8 bits after each pass.</summary>
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
        for (var y = 0; y < image.Height; y++)
            AcrossRow(image.Pixels.Slice(y * image.Width * 4, image.Width * 4), result.Writable.Slice(y * width * 4, width * 4), kernel);
        return result;
    }

    private static void AcrossRow(ReadOnlySpan<byte> row, Span<byte> output, ResampleKernel kernel)
    {
        var from = MemoryMarshal.Cast<byte, uint>(row);
        var to = MemoryMarshal.Cast<byte, uint>(output);
        for (var x = 0; x < to.Length; x++)
        {
            var pixels = from.Slice(kernel.First[x], kernel.Count[x]);
            var weights = kernel.Weights.AsSpan(x * kernel.Taps, pixels.Length);
            var sum = Vector128.Create(Half);
            for (var k = 0; k < weights.Length; k++) sum += Widen(pixels[k]) * weights[k];
            to[x] = Narrow(sum);
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
        var stride = image.Width * 4;
        for (var y = 0; y < height; y++)
        {
            var rows = image.Pixels.Slice(kernel.First[y] * stride, kernel.Count[y] * stride);
            DownRow(rows, result.Writable.Slice(y * stride, stride), kernel.Weights.AsSpan(y * kernel.Taps, kernel.Count[y]));
        }
        return result;
    }

    private static void DownRow(ReadOnlySpan<byte> rows, Span<byte> output, ReadOnlySpan<int> weights)
    {
        var from = MemoryMarshal.Cast<byte, uint>(rows);
        var to = MemoryMarshal.Cast<byte, uint>(output);
        var x = 0;
        for (; x + 4 <= to.Length; x += 4) FourDown(from[x..], to.Slice(x, 4), to.Length, weights);
        for (; x < to.Length; x++)
        {
            var sum = Vector128.Create(Half);
            for (var k = 0; k < weights.Length; k++) sum += Widen(from[(k * to.Length) + x]) * weights[k];
            to[x] = Narrow(sum);
        }
    }

    private static void FourDown(ReadOnlySpan<uint> from, Span<uint> to, int stride, ReadOnlySpan<int> weights)
    {
        Vector128<int> a = Vector128.Create(Half), b = a, c = a, d = a;
        for (var k = 0; k < weights.Length; k++)
        {
            var pixels = Vector128.Create(from.Slice(k * stride, 4)).AsByte();
            var (low, high) = Vector128.Widen(pixels);
            var weight = Vector128.Create(weights[k]);
            a += Vector128.WidenLower(low).AsInt32() * weight;
            b += Vector128.WidenUpper(low).AsInt32() * weight;
            c += Vector128.WidenLower(high).AsInt32() * weight;
            d += Vector128.WidenUpper(high).AsInt32() * weight;
        }
        Vector128.Narrow(Vector128.Narrow(Clip(a), Clip(b)).AsUInt16(), Vector128.Narrow(Clip(c), Clip(d)).AsUInt16()).AsUInt32().CopyTo(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(uint pixel) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Clip(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> ResampleKernel.PrecisionBits, Vector128<int>.Zero), Vector128.Create(255));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Narrow(Vector128<int> sum)
    {
        var shorts = Vector128.Narrow(Clip(sum), Vector128<int>.Zero).AsUInt16();
        return Vector128.Narrow(shorts, Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }
}
