namespace Unseen.Data.Formats;

/// <summary>Codes of the MAT v5 format.</summary>
internal static class Mat5Types
{
    internal const int Int8 = 1, UInt8 = 2, Int16 = 3, UInt16 = 4, Int32 = 5, UInt32 = 6, Single = 7, Double = 9, Int64 = 12, UInt64 = 13;
    internal const int Matrix = 14, Compressed = 15, Utf8 = 16, Utf16 = 17, Utf32 = 18;

    internal const int CellClass = 1, CharClass = 4;
    internal const int LogicalFlag = 2, ComplexFlag = 8;

    /// <summary>Bytes of a number; 0 for what is not a number.</summary>
    internal static int NumberSize(int type) => type switch
    {
        Int8 or UInt8 => 1,
        Int16 or UInt16 => 2,
        Int32 or UInt32 or Single => 4,
        Double or Int64 or UInt64 => 8,
        _ => 0,
    };

    /// <summary>Name of a class that is not read; null when it is.</summary>
    internal static string? UnsupportedClass(int code) => code switch
    {
        2 => "a struct",
        3 => "an object",
        5 => "a sparse matrix",
        16 => "a function",
        17 => "an opaque object",
        CellClass or CharClass or (>= (int)Mat5Class.Double and <= (int)Mat5Class.UInt64) => null,
        _ => $"of the unknown class {code}",
    };
}
