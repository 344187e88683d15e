using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Unseen.Data.Formats;

/// <summary>A small tensor held in memory, to be written by <see cref="Safetensors.Write(string, IEnumerable{SafetensorsTensor},
/// IReadOnlyDictionary{string, string}?)"/>.</summary>
/// <param name="Name">Tensor name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Axis lengths, row-major; empty for a scalar.</param>
/// <param name="Data">Elements, little endian, row-major.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>Copies an array of a .NET element type.</summary>
    /// <exception cref="ShapeException">The shape does not hold as many elements as there are values.</exception>
    public static SafetensorsTensor Of<T>(string name, ReadOnlySpan<T> values, params long[] shape) where T : unmanaged
    {
        var tensor = new SafetensorsTensor(name, SafetensorsTypes.Of<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());
        tensor.Check();
        return tensor;
    }

    /// <summary>Copies an array of a .NET element type.</summary>
    /// <exception cref="ShapeException">The shape does not hold as many elements as there are values.</exception>
    public static SafetensorsTensor Of<T>(string name, T[] values, params long[] shape) where T : unmanaged =>
        Of(name, (ReadOnlySpan<T>)values, shape);

    /// <summary>Copies a matrix, shape [rows, columns].</summary>
    public static SafetensorsTensor Of<T>(string name, T[,] values) where T : unmanaged =>
        Of(name, MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(values)), values.Length),
            values.GetLength(0), values.GetLength(1));

    internal SafetensorsDeclaration Declaration => new(Name, Type, Shape);

    internal void Check()
    {
        var expected = Declaration.ByteLength;
        if (expected != Data.Length)
            throw new ShapeException($"Tensor '{Name}': shape [{string.Join(", ", Shape)}] of {Type.FileName()} needs {expected} bytes, " +
                $"found {Data.Length}.");
    }
}
