using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Unseen.Data.Formats;

/// <summary>Converts numbers from the type they are stored in (often smaller than the array's class) in pieces of 32 KB.</summary>
internal static class Mat5NumberDecoder
{
    private const int PieceBytes = 1 << 15;
    private const double LargestExactInteger = 1L << 53;

    internal static T[] Read<T>(Mat5Source source, int type, int count) where T : struct, INumber<T>
    {
        var values = new T[count];
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var size = Mat5Types.NumberSize(type);
            for (var done = 0; done < count;)
            {
                var piece = Math.Min(count - done, PieceBytes / size);
                var bytes = buffer.AsSpan(0, piece * size);
                source.Fill(bytes);
                if (source.BigEndian)
                    Swap(bytes, size);
                Convert(source, type, bytes, values.AsSpan(done, piece));
                done += piece;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return values;
    }

    private static void Convert<T>(Mat5Source source, int type, ReadOnlySpan<byte> bytes, Span<T> values) where T : struct, INumber<T>
    {
        switch (type)
        {
            case Mat5Types.Int8: Convert<sbyte, T>(bytes, values); break;
            case Mat5Types.UInt8: Convert<byte, T>(bytes, values); break;
            case Mat5Types.Int16: Convert<short, T>(bytes, values); break;
            case Mat5Types.UInt16: Convert<ushort, T>(bytes, values); break;
            case Mat5Types.Int32: Convert<int, T>(bytes, values); break;
            case Mat5Types.UInt32: Convert<uint, T>(bytes, values); break;
            case Mat5Types.Single: Convert<float, T>(bytes, values); break;
            case Mat5Types.Double: Convert<double, T>(bytes, values); break;
            case Mat5Types.Int64: Convert<long, T>(bytes, values); CheckExact(source, values); break;
            default: Convert<ulong, T>(bytes, values); CheckExact(source, values); break;
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<byte> bytes, Span<TTo> values)
        where TFrom : unmanaged, INumber<TFrom> where TTo : struct, INumber<TTo> =>
        TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, TFrom>(bytes), values);

    private static void CheckExact<T>(Mat5Source source, ReadOnlySpan<T> values) where T : struct, INumber<T>
    {
        foreach (var value in values)
            if (Math.Abs(double.CreateTruncating(value)) > LargestExactInteger)
                throw source.Wrong($"the 64-bit integer {value} is beyond 2^53");
    }

    private static void Swap(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var integers = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(integers, integers);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
