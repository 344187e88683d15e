using System.Text;

namespace Unseen.Data.Formats;

/// <summary>Decodes the characters of a MAT v5 char array.</summary>
internal static class Mat5TextDecoder
{
    /// <summary>The text in memory order, or null when the type holds no characters.</summary>
    internal static string? Decode(int type, byte[] bytes, bool bigEndian) => type switch
    {
        Mat5Types.Int8 or Mat5Types.UInt8 => Encoding.Latin1.GetString(bytes),
        Mat5Types.Utf8 => Encoding.UTF8.GetString(bytes),
        Mat5Types.UInt16 or Mat5Types.Utf16 => (bigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(bytes),
        Mat5Types.Utf32 => new UTF32Encoding(bigEndian, false).GetString(bytes),
        _ => null,
    };
}
