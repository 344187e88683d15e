using System.Buffers.Binary;

namespace Unseen.Data.Formats;

/// <summary>Head of a MAT element.</summary>
/// <param name="Type">Code of the data type.</param>
/// <param name="Length">Bytes of data.</param>
/// <param name="Next">Position of the element that follows, padding skipped.</param>
internal readonly record struct Mat5Tag(int Type, long Length, long Next);

/// <summary>Bytes of a MAT file or of one decompressed element, read forward, never beyond what the enclosing element announces.</summary>
internal sealed class Mat5Source(string path, Stream stream, long position, bool bigEndian)
{
    internal long Position { get; private set; } = position;

    internal bool BigEndian => bigEndian;

    /// <summary>Reads a tag and checks that its data ends inside the enclosing element.</summary>
    internal Mat5Tag ReadTag(long end)
    {
        var word = ReadUInt32(end);
        var small = word >> 16 != 0;
        long length = small ? word >> 16 : ReadUInt32(end);
        if (small && length > 4)
            throw Wrong($"a small element claims {length} bytes, at most 4 fit");
        if (length > end - Position)
            throw Wrong($"an element claims {length} bytes, but {end - Position} are left");
        var padding = small ? 4 - length : -length & 7;
        var type = (int)(small ? word & 0xFFFF : word);
        return new(type, length, Math.Min(end, Position + length + (type == Mat5Types.Compressed ? 0 : padding)));
    }

    internal uint ReadUInt32(long end)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (end - Position < 4)
            throw Wrong("an element is cut off");
        Fill(bytes);
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    internal void Fill(Span<byte> destination)
    {
        try
        {
            stream.ReadExactly(destination);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw Wrong(e is EndOfStreamException ? "the data ends too early" : "the compressed data is damaged");
        }
        Position += destination.Length;
    }

    internal void SkipTo(long next)
    {
        Span<byte> waste = stackalloc byte[512];
        if (stream.CanSeek)
            stream.Seek(next - Position, SeekOrigin.Current);
        else
            while (Position < next)
                Fill(waste[..(int)Math.Min(waste.Length, next - Position)]);
        Position = next;
    }

    /// <summary>Reads the end of compressed data, which checks its checksum.</summary>
    internal void ExpectEnd()
    {
        try
        {
            if (stream.ReadByte() >= 0)
                throw Wrong("something follows the compressed element");
        }
        catch (InvalidDataException)
        {
            throw Wrong("the compressed data is damaged");
        }
    }

    internal DatasetFormatException Wrong(string what) => new(path, $"not a valid MAT v5 file: {what} (at byte {Position}).");
}
