using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Unseen.Data.Formats;

/// <summary>An array of an npy file, held in memory as it was stored (little endian).</summary>
public sealed record NpyArray
{
    internal NpyArray(NpyType type, int[] shape, bool fortranOrder, byte[] data) =>
        (Type, Shape, FortranOrder, Data) = (type, shape, fortranOrder, data);

    /// <summary>Element type.</summary>
    public NpyType Type { get; }

    /// <summary>Axis lengths; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>True when the first axis varies fastest in the file.</summary>
    public bool FortranOrder { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Data.Length / Type.Size();

    internal byte[] Data { get; }

    /// <summary>Copies row-major values.</summary>
    /// <param name="values">Elements, the last axis varying fastest.</param>
    /// <param name="shape">Axis lengths.</param>
    /// <param name="fortranOrder">Store them with the first axis varying fastest.</param>
    /// <exception cref="ShapeException">The shape does not hold as many elements as there are values.</exception>
    public static NpyArray Of<T>(T[] values, int[] shape, bool fortranOrder = false) where T : unmanaged
    {
        if (shape.Any(axis => axis < 0) || shape.Aggregate(BigInteger.One, (product, axis) => product * axis) != values.Length)
            throw new ShapeException($"Shape [{string.Join(", ", shape)}] does not hold {values.Length} elements.");
        var stored = fortranOrder ? Transpose(values, [.. shape.Reverse()]) : values;
        return new(NpyTypes.Of<T>(), [.. shape], fortranOrder, MemoryMarshal.AsBytes<T>(stored).ToArray());
    }

    /// <summary>All elements, row-major.</summary>
    /// <typeparam name="T">The element type of the array.</typeparam>
    public T[] ToArray<T>() where T : unmanaged
    {
        if (NpyTypes.Of<T>() != Type)
            throw new ArgumentException($"The array holds {Type}, not {typeof(T).Name}.");
        return FortranOrder ? Transpose(MemoryMarshal.Cast<byte, T>(Data), [.. Shape]) : MemoryMarshal.Cast<byte, T>(Data).ToArray();
    }

    /// <summary>All elements as 32-bit floats, row-major, whatever number type they have.</summary>
    public float[] ToSingles() => Type switch
    {
        NpyType.F2 => Convert<Half>(),
        NpyType.F4 => ToArray<float>(),
        NpyType.F8 => Convert<double>(),
        NpyType.I1 => Convert<sbyte>(),
        NpyType.I2 => Convert<short>(),
        NpyType.I4 => Convert<int>(),
        NpyType.I8 => Convert<long>(),
        NpyType.U1 => Convert<byte>(),
        NpyType.U2 => Convert<ushort>(),
        NpyType.U4 => Convert<uint>(),
        NpyType.U8 => Convert<ulong>(),
        _ => Array.ConvertAll(ToArray<bool>(), value => value ? 1f : 0f),
    };

    private float[] Convert<T>() where T : unmanaged, INumber<T>
    {
        var singles = new float[Count];
        TensorPrimitives.ConvertTruncating<T, float>(ToArray<T>(), singles);
        return singles;
    }

    /// <summary>Turns values whose first axis of <paramref name="shape"/> varies fastest into row-major order.</summary>
    private static T[] Transpose<T>(ReadOnlySpan<T> values, int[] shape)
    {
        var result = new T[values.Length];
        var index = new int[shape.Length];
        for (var target = 0; target < result.Length; target++)
        {
            var (source, stride) = (0, 1);
            for (var axis = 0; axis < shape.Length; stride *= shape[axis++])
                source += index[axis] * stride;
            result[target] = values[source];
            for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
                index[axis] = 0;
        }
        return result;
    }
}
