using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Unseen.Features;

/// <summary>
/// The passes of the resampler with AVX2's product of 16-bit pairs, two weights at a time: a weight w of 22 bits is cut in two 16-bit numbers,
/// w = 2^11 high + low, and Σ w p = 2^11 Σ high p + Σ low p, to the bit: a sum of many low parts may wrap, the total is right modulo 2^32.
/// </summary>
internal static class PairedTaps
{
    private const int Block = 8; // pixels of a row that are summed together

    /// <summary>True when the processor has the instructions.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    // Of four pixels rgba: the bytes of two of them side by side, as 16-bit numbers. Index 128 and above gives 0.
    private static readonly Vector256<byte> FirstPair = TwoLanes(0, 128, 4, 128, 1, 128, 5, 128, 2, 128, 6, 128, 3, 128, 7, 128);
    private static readonly Vector256<byte> SecondPair = TwoLanes(8, 128, 12, 128, 9, 128, 13, 128, 10, 128, 14, 128, 11, 128, 15, 128);

    /// <summary>Resizes every row of a picture, four rows side by side, so that a weight that is loaded serves four pixels.</summary>
    public static void Across(DecodedImage image, DecodedImage result, ResampleKernel kernel)
    {
        if (kernel.Taps % 4 != 0) // a picture of fewer pixels
        {
            SingleTaps.Across(image, result, kernel);
            return;
        }
        for (var top = 0; top < image.Height; top += 4) FourRowsAcross(image, result, kernel, top);
    }

    /// <summary>Resizes every column of a picture.</summary>
    public static void Down(DecodedImage image, DecodedImage result, ResampleKernel kernel)
    {
        if (image.Width < Block)
        {
            SingleTaps.Down(image, result, kernel);
            return;
        }
        for (var y = 0; y < result.Height; y++) RowDown(image, result, kernel, y);
    }

    /// <summary>Below the last row it is taken again.</summary>
    private static void FourRowsAcross(DecodedImage image, DecodedImage result, ResampleKernel kernel, int top)
    {
        var last = image.Height - 1 - top;
        var (stride, width, taps) = (image.Width, result.Width, kernel.Taps);
        nint second = Math.Min(1, last) * stride, third = Math.Min(2, last) * stride, fourth = Math.Min(3, last) * stride;
        nint secondOutput = Math.Min(1, last) * width, thirdOutput = Math.Min(2, last) * width, fourthOutput = Math.Min(3, last) * width;
        ref var from = ref image.Words[top * image.Width];
        ref var to = ref result.Words[top * result.Width];
        ref var pair = ref MemoryMarshal.GetReference(kernel.Pairs);
        var firsts = kernel.First;
        for (var x = 0; x < width; x++)
        {
            ref var pixel = ref Unsafe.Add(ref from, firsts[x]); // the kernel keeps every index inside the row
            Vector256<int> low = Vector256<int>.Zero, high = low, lowBelow = low, highBelow = low;
            for (var k = 0; k < taps; k += 4)
            {
                var upper = Rows(ref pixel, ref Unsafe.Add(ref pixel, second));
                var lower = Rows(ref Unsafe.Add(ref pixel, third), ref Unsafe.Add(ref pixel, fourth));
                Vector256<short> pixels = Avx2.Shuffle(upper, FirstPair).AsInt16(), next = Avx2.Shuffle(upper, SecondPair).AsInt16();
                Vector256<short> below = Avx2.Shuffle(lower, FirstPair).AsInt16(), nextBelow = Avx2.Shuffle(lower, SecondPair).AsInt16();
                ref var nextPair = ref Unsafe.Add(ref pair, 1);
                Vector256<short> lows = Vector256.Create(pair.Low).AsInt16(), nextLows = Vector256.Create(nextPair.Low).AsInt16();
                Vector256<short> highs = Vector256.Create(pair.High).AsInt16(), nextHighs = Vector256.Create(nextPair.High).AsInt16();
                low += Avx2.MultiplyAddAdjacent(pixels, lows) + Avx2.MultiplyAddAdjacent(next, nextLows);
                high += Avx2.MultiplyAddAdjacent(pixels, highs) + Avx2.MultiplyAddAdjacent(next, nextHighs);
                lowBelow += Avx2.MultiplyAddAdjacent(below, lows) + Avx2.MultiplyAddAdjacent(nextBelow, nextLows);
                highBelow += Avx2.MultiplyAddAdjacent(below, highs) + Avx2.MultiplyAddAdjacent(nextBelow, nextHighs);
                pixel = ref Unsafe.Add(ref pixel, 4);
                pair = ref Unsafe.Add(ref pair, 2);
            }
            var sums = Avx2.PackSignedSaturate(Total(low, high), Total(lowBelow, highBelow));
            var packed = Avx2.PackUnsignedSaturate(sums, sums).AsUInt32();                         // rows 0, 2, -, - and 1, 3, -, -
            ref var output = ref Unsafe.Add(ref to, x);
            output = packed.GetLower().ToScalar();
            Unsafe.Add(ref output, secondOutput) = packed.GetUpper().ToScalar();
            Unsafe.Add(ref output, thirdOutput) = packed.GetLower()[1];
            Unsafe.Add(ref output, fourthOutput) = packed.GetUpper()[1];
        }
    }

    /// <summary>Four pixels of each of two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Rows(ref uint row, ref uint other) =>
        Vector256.Create(Vector128.LoadUnsafe(ref row), Vector128.LoadUnsafe(ref other)).AsByte();

    private static void RowDown(DecodedImage image, DecodedImage result, ResampleKernel kernel, int y)
    {
        ref var from = ref image.Words[kernel.First[y] * image.Width];
        ref var to = ref result.Words[y * result.Width];
        var pairs = kernel.PairsOf(y)[..((kernel.Taps + 1) / 2)];
        var (width, lastRow) = (image.Width, kernel.Taps - 1);
        for (var x = 0; x < width; x += Block)
        {
            var at = Math.Min(x, width - Block); // the last block may overlap the one before it
            BlockDown(ref Unsafe.Add(ref from, at), width, lastRow, pairs).StoreUnsafe(ref Unsafe.Add(ref to, at));
        }
    }

    /// <summary>Eight pixels side by side, 32 bytes that keep their places: weighted sums of the rows from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> BlockDown(ref uint first, int stride, int lastRow, ReadOnlySpan<WeightPair> pairs)
    {
        Vector256<int> low0 = Vector256<int>.Zero, low1 = low0, low2 = low0, low3 = low0, high0 = low0, high1 = low0, high2 = low0, high3 = low0;
        for (var p = 0; p < pairs.Length; p++)
        {
            var row = Vector256.LoadUnsafe(ref Unsafe.Add(ref first, 2 * p * stride)).AsByte();
            var next = Vector256.LoadUnsafe(ref Unsafe.Add(ref first, Math.Min((2 * p) + 1, lastRow) * stride)).AsByte(); // of weight 0 beyond the last
            Vector256<byte> left = Avx2.UnpackLow(row, next), right = Avx2.UnpackHigh(row, next);
            Vector256<short> lows = Vector256.Create(pairs[p].Low).AsInt16(), highs = Vector256.Create(pairs[p].High).AsInt16();
            Add(Avx2.UnpackLow(left, Vector256<byte>.Zero), lows, highs, ref low0, ref high0);
            Add(Avx2.UnpackHigh(left, Vector256<byte>.Zero), lows, highs, ref low1, ref high1);
            Add(Avx2.UnpackLow(right, Vector256<byte>.Zero), lows, highs, ref low2, ref high2);
            Add(Avx2.UnpackHigh(right, Vector256<byte>.Zero), lows, highs, ref low3, ref high3);
        }
        return Avx2.PackUnsignedSaturate(
            Avx2.PackSignedSaturate(Total(low0, high0), Total(low1, high1)),
            Avx2.PackSignedSaturate(Total(low2, high2), Total(low3, high3))).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<byte> pixels, Vector256<short> lows, Vector256<short> highs, ref Vector256<int> low, ref Vector256<int> high)
    {
        low += Avx2.MultiplyAddAdjacent(pixels.AsInt16(), lows);
        high += Avx2.MultiplyAddAdjacent(pixels.AsInt16(), highs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Total(Vector256<int> low, Vector256<int> high) =>
        ((high << WeightPair.LowBits) + low + Vector256.Create(ResampleKernel.Half)) >> ResampleKernel.PrecisionBits;

    private static Vector256<byte> TwoLanes(params ReadOnlySpan<byte> lane) => Vector256.Create(Vector128.Create(lane), Vector128.Create(lane));
}

/// <summary>Two weights side by side, cut in two: each number holds the parts of both as 16-bit numbers.</summary>
internal readonly record struct WeightPair(int Low, int High)
{
    /// <summary>Bits of the lower part.</summary>
    public const int LowBits = 11;

    /// <summary>Cuts two weights of less than 2^26 in size; those of the kernels are at most 1.13 times 2^22.</summary>
    public static WeightPair Of(int first, int second) => new(
        Join(first & ((1 << LowBits) - 1), second & ((1 << LowBits) - 1)), Join(first >> LowBits, second >> LowBits));

    private static int Join(int first, int second) => (first & 0xFFFF) | (second << 16);
}
