using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Unseen.Data.Formats;

/// <summary>How a MAT v5 file is written.</summary>
public sealed record Mat5WriteOptions
{
    /// <summary>Compress each variable, as MATLAB does from version 7. Default true.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>Write for a big-endian machine. Default false.</summary>
    public bool BigEndian { get; init; }

    /// <summary>Store whole numbers in the smallest type that holds them, as MATLAB does. Default true.</summary>
    public bool Compact { get; init; } = true;
}

/// <summary>Writes MAT v5 files with numeric, char and cell arrays.</summary>
public static class Mat5Writer
{
    /// <summary>Writes variables atomically; no time or path is stored.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Mat5Value>> variables, Mat5WriteOptions? options = null)
    {
        options ??= new();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(Header(options.BigEndian));
            foreach (var (name, value) in variables)
                WriteVariable(stream, new Mat5ElementWriter(options).Matrix(name, value), options);
        });
    }

    private static byte[] Header(bool bigEndian)
    {
        var header = new byte[128];
        header.AsSpan(0, 116).Fill((byte)' ');
        "MATLAB 5.0 MAT-file, written by Unseen"u8.CopyTo(header);
        if (bigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(124), 0x0100);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(124), 0x0100);
        Encoding.ASCII.GetBytes(bigEndian ? "MI" : "IM").CopyTo(header, 126);
        return header;
    }

    private static void WriteVariable(Stream stream, byte[] matrix, Mat5WriteOptions options)
    {
        if (!options.Compress)
        {
            stream.Write(matrix);
            return;
        }
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(matrix);
        stream.Write(Mat5ElementWriter.Words(options.BigEndian, Mat5Types.Compressed, (int)compressed.Length));
        compressed.WriteTo(stream);
    }
}
