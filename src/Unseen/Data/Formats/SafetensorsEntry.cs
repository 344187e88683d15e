namespace Unseen.Data.Formats;

/// <summary>Where and what a tensor of a safetensors file is.</summary>
/// <param name="Name">Tensor name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Axis lengths, row-major; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="ByteLength">Bytes of all elements.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, long Offset, long ByteLength)
{
    /// <summary>Number of elements.</summary>
    public long Elements => ByteLength / Type.Size();

    /// <summary>Bytes of one row, a slice of the first axis; 0 when the tensor is a scalar or has no rows.</summary>
    public long RowBytes => Shape.Count == 0 || Shape[0] == 0 ? 0 : ByteLength / Shape[0];
}

/// <summary>Name, type and shape of a tensor that is going to be written.</summary>
/// <param name="Name">Tensor name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Axis lengths, row-major.</param>
public sealed record SafetensorsDeclaration(string Name, SafetensorsType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Bytes of all elements.</summary>
    /// <exception cref="ShapeException">An axis is negative or the product overflows.</exception>
    public long ByteLength => SafetensorsHeader.TryByteLength(Type, Shape, out var bytes)
        ? bytes
        : throw new ShapeException($"Tensor '{Name}': shape [{string.Join(", ", Shape)}] has a negative axis or is too large.");
}
