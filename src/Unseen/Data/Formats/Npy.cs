using System.Buffers.Binary;
using System.Text;

namespace Unseen.Data.Formats;

/// <summary>Reads and writes npy files, versions 1 to 3.</summary>
public static class Npy
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array; big-endian data is turned to little endian.</summary>
    /// <exception cref="DatasetFormatException">The file is missing, damaged or not an npy file.</exception>
    public static NpyArray Read(string path) => FileErrors.Guard(path, () =>
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return Read(path, stream, stream.Length);
    });

    /// <summary>Writes an array atomically.</summary>
    /// <param name="path">File to write.</param>
    /// <param name="array">Array to write.</param>
    /// <param name="version">1, 2 or 3.</param>
    public static void Write(string path, NpyArray array, int version = 1) =>
        AtomicFile.Write(path, stream => Write(stream, array, version));

    internal static void Write(Stream stream, NpyArray array, int version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, 3);
        var text = new NpyHeader(array.Type, false, array.FortranOrder, [.. array.Shape]).Text;
        var fixedLength = Magic.Length + 2 + (version == 1 ? 2 : 4);
        var length = (fixedLength + text.Length + 1 + 63) / 64 * 64 - fixedLength;
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, length);
        stream.Write(Magic);
        stream.Write([(byte)version, 0]);
        stream.Write(version == 1 ? size[..2] : size);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n"));
        stream.Write(array.Data);
    }

    /// <summary>Reads an array whose bytes, all in all, must not be more than a limit.</summary>
    internal static NpyArray Read(string path, Stream stream, long maximumBytes)
    {
        try
        {
            var header = ReadHeader(path, stream);
            var length = header.ByteLength;
            if (length > Math.Min(maximumBytes, Array.MaxLength))
                throw new DatasetFormatException(path, $"the npy shape ({string.Join(", ", header.Shape)}) needs {length} bytes, " +
                    $"more than the {Math.Min(maximumBytes, Array.MaxLength)} available.");
            var data = new byte[(int)length];
            stream.ReadExactly(data);
            if (stream.ReadByte() >= 0)
                throw new DatasetFormatException(path, "something follows the data of the npy array.");
            if (header.BigEndian)
                ReverseEach(data, header.Type.Size());
            return new(header.Type, header.Shape, header.FortranOrder, data);
        }
        catch (EndOfStreamException e)
        {
            throw new DatasetFormatException(path, "the npy array is cut off.", e);
        }
    }

    private static NpyHeader ReadHeader(string path, Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        stream.ReadExactly(start[..8]);
        if (!start.StartsWith(Magic) || start[6] is < 1 or > 3 || start[7] != 0)
            throw new DatasetFormatException(path, "not an npy file of version 1 to 3.");
        var lengthBytes = start.Slice(8, start[6] == 1 ? 2 : 4);
        stream.ReadExactly(lengthBytes);
        var length = lengthBytes.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > NpyHeader.MaximumLength)
            throw new DatasetFormatException(path, $"the npy header claims {length} bytes, more than the limit of " +
                $"{NpyHeader.MaximumLength}.");
        var header = new byte[length];
        stream.ReadExactly(header);
        return NpyHeader.Parse(path, header);
    }

    private static void ReverseEach(byte[] data, int size)
    {
        for (var start = 0; start < data.Length; start += size)
            data.AsSpan(start, size).Reverse();
    }
}
