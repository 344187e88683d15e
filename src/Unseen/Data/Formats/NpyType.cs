namespace Unseen.Data.Formats;

/// <summary>Element type of an npy array.</summary>
public enum NpyType
{
    /// <summary>16-bit float, "f2".</summary>
    F2,

    /// <summary>32-bit float, "f4".</summary>
    F4,

    /// <summary>64-bit float, "f8".</summary>
    F8,

    /// <summary>Signed byte, "i1".</summary>
    I1,

    /// <summary>Signed 16-bit integer, "i2".</summary>
    I2,

    /// <summary>Signed 32-bit integer, "i4".</summary>
    I4,

    /// <summary>Signed 64-bit integer, "i8".</summary>
    I8,

    /// <summary>Unsigned byte, "u1".</summary>
    U1,

    /// <summary>Unsigned 16-bit integer, "u2".</summary>
    U2,

    /// <summary>Unsigned 32-bit integer, "u4".</summary>
    U4,

    /// <summary>Unsigned 64-bit integer, "u8".</summary>
    U8,

    /// <summary>One byte, 0 or 1, "b1".</summary>
    B1,
}

/// <summary>Names, sizes and .NET types of <see cref="NpyType"/>.</summary>
public static class NpyTypes
{
    private static readonly (NpyType Type, string Code, Type Element)[] Known =
    [
        (NpyType.F2, "f2", typeof(Half)), (NpyType.F4, "f4", typeof(float)), (NpyType.F8, "f8", typeof(double)),
        (NpyType.I1, "i1", typeof(sbyte)), (NpyType.I2, "i2", typeof(short)), (NpyType.I4, "i4", typeof(int)),
        (NpyType.I8, "i8", typeof(long)), (NpyType.U1, "u1", typeof(byte)), (NpyType.U2, "u2", typeof(ushort)),
        (NpyType.U4, "u4", typeof(uint)), (NpyType.U8, "u8", typeof(ulong)), (NpyType.B1, "b1", typeof(bool)),
    ];

    /// <summary>Bytes of one element.</summary>
    public static int Size(this NpyType type) => Code(type)[1] - '0';

    /// <summary>The type that stores <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No npy type stores <typeparamref name="T"/>.</exception>
    public static NpyType Of<T>() where T : unmanaged
    {
        foreach (var (type, _, element) in Known)
            if (element == typeof(T))
                return type;
        throw new NotSupportedException($"npy has no element type for {typeof(T)}.");
    }

    internal static string Code(this NpyType type) => Known[(int)type].Code;

    internal static NpyType? Parse(string code)
    {
        foreach (var known in Known)
            if (known.Code == code)
                return known.Type;
        return null;
    }
}
