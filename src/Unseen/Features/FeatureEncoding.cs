using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Unseen.Data.Formats;

namespace Unseen.Features;

/// <summary>Converts features to the element types of a store, rounding to nearest, ties to even.</summary>
internal static class FeatureEncoding
{
    /// <summary>Writes floats as F16, BF16 or F32 bytes.</summary>
    public static void Encode(ReadOnlySpan<float> features, SafetensorsType type, Span<byte> bytes)
    {
        switch (type)
        {
            case SafetensorsType.F16:
                TensorPrimitives.ConvertToHalf(features, MemoryMarshal.Cast<byte, Half>(bytes));
                break;
            case SafetensorsType.BF16:
                ToBFloat16(features, MemoryMarshal.Cast<byte, ushort>(bytes));
                break;
            default:
                MemoryMarshal.AsBytes(features).CopyTo(bytes);
                break;
        }
    }

    private static void ToBFloat16(ReadOnlySpan<float> features, Span<ushort> output)
    {
        var bits = MemoryMarshal.Cast<float, uint>(features);
        var i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
            Vector.Narrow(Round(new Vector<uint>(bits[i..])), Round(new Vector<uint>(bits[(i + Vector<uint>.Count)..])))
                .CopyTo(output[i..]);
        for (; i < bits.Length; i++) output[i] = (ushort)Round(new Vector<uint>(bits[i]))[0];
    }

    /// <summary>Adds half of the last kept bit (less one when that bit is even) and keeps the upper half; NaN stays NaN.</summary>
    private static Vector<uint> Round(Vector<uint> bits)
    {
        var rounded = (bits + new Vector<uint>(0x7fff) + ((bits >> 16) & Vector<uint>.One)) >> 16;
        var notANumber = Vector.GreaterThan(bits & new Vector<uint>(0x7fffffff), new Vector<uint>(0x7f800000));
        return Vector.ConditionalSelect(notANumber, (bits >> 16) | new Vector<uint>(0x40), rounded);
    }
}
