namespace Unseen.Data.Formats;

/// <summary>Element type of a safetensors tensor.</summary>
public enum SafetensorsType
{
    /// <summary>16-bit IEEE float.</summary>
    F16,

    /// <summary>bfloat16: the upper half of a 32-bit float.</summary>
    BF16,

    /// <summary>32-bit float.</summary>
    F32,

    /// <summary>64-bit float.</summary>
    F64,

    /// <summary>Signed byte.</summary>
    I8,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}

/// <summary>Sizes, names and .NET types of <see cref="SafetensorsType"/>.</summary>
public static class SafetensorsTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafetensorsType type) => type switch
    {
        SafetensorsType.I8 or SafetensorsType.U8 or SafetensorsType.Bool => 1,
        SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.I16 or SafetensorsType.U16 => 2,
        SafetensorsType.F32 or SafetensorsType.I32 or SafetensorsType.U32 => 4,
        _ => 8,
    };

    /// <summary>Name in the file: upper case, for example F16 or BOOL.</summary>
    public static string FileName(this SafetensorsType type) => type.ToString().ToUpperInvariant();

    /// <summary>The type that stores <typeparamref name="T"/>; BF16 has no .NET type and is handled as raw <see cref="ushort"/>.</summary>
    /// <exception cref="NotSupportedException">No safetensors type stores <typeparamref name="T"/>.</exception>
    public static SafetensorsType Of<T>() where T : unmanaged => default(T) switch
    {
        Half => SafetensorsType.F16,
        float => SafetensorsType.F32,
        double => SafetensorsType.F64,
        sbyte => SafetensorsType.I8,
        short => SafetensorsType.I16,
        int => SafetensorsType.I32,
        long => SafetensorsType.I64,
        byte => SafetensorsType.U8,
        ushort => SafetensorsType.U16,
        uint => SafetensorsType.U32,
        ulong => SafetensorsType.U64,
        bool => SafetensorsType.Bool,
        _ => throw new NotSupportedException($"Safetensors has no element type for {typeof(T)}."),
    };

    /// <summary>True when elements of the type may be read as <typeparamref name="T"/>: its own type, or raw bits of BF16 and
    /// BOOL.</summary>
    internal static bool Reads<T>(this SafetensorsType type) where T : unmanaged =>
        type == Of<T>() || (type == SafetensorsType.BF16 && typeof(T) == typeof(ushort))
        || (type == SafetensorsType.Bool && typeof(T) == typeof(byte));

    internal static SafetensorsType? Parse(string name)
    {
        foreach (var type in Enum.GetValues<SafetensorsType>())
            if (type.FileName() == name)
                return type;
        return null;
    }
}
