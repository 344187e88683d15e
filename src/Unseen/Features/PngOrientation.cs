using System.Buffers.Binary;
using SkiaSharp;

namespace Unseen.Features;

/// <summary>The EXIF orientation of a PNG picture (chunk eXIf, which holds a TIFF header), which the decoder does not report.</summary>
internal static class PngOrientation
{
    private const int ChunkFrame = 12, EntryBytes = 12;   // length, type and checksum; tag, type, count and value
    private const ushort Tag = 0x0112, Short = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The orientation, or null when the bytes are no PNG, have none, or have one that is damaged.</summary>
    public static SKEncodedOrigin? Of(ReadOnlySpan<byte> encoded)
    {
        if (!encoded.StartsWith(Signature)) return null;
        for (var rest = encoded[Signature.Length..]; rest.Length >= ChunkFrame;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - ChunkFrame) return null;
            if (rest[4..8].SequenceEqual("eXIf"u8)) return OfTiff(rest.Slice(8, (int)length));
            rest = rest[(ChunkFrame + (int)length)..];
        }
        return null;
    }

    private static SKEncodedOrigin? OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return null;
        var isLittle = tiff[0] == (byte)'I';
        if (!tiff.StartsWith(isLittle ? "II"u8 : "MM"u8)) return null;
        var directory = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2) return null;
        var entries = tiff[((int)directory + 2)..];
        var count = Math.Min(Word(tiff[(int)directory..], isLittle), entries.Length / EntryBytes);
        for (var i = 0; i < count; i++)
        {
            var entry = entries.Slice(i * EntryBytes, EntryBytes);
            if (Word(entry, isLittle) == Tag && Word(entry[2..], isLittle) == Short && Word(entry[8..], isLittle) is >= 1 and <= 8 and var origin) return (SKEncodedOrigin)origin;
        }
        return null;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
