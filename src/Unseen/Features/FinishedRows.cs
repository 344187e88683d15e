using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Unseen.Features;

/// <summary>
/// The journal beside an unfinished store: which rows are written, with a checksum each. A row counts only when its bytes still have the checksum, so
/// neither a killed process nor a power failure can leave a wrong row behind.
/// </summary>
internal sealed class FinishedRows : IDisposable
{
    private const int HeaderBytes = 32, RecordBytes = 8;
    private readonly FileStream stream;

    private FinishedRows(FileStream stream) => this.stream = stream;

    /// <summary>Starts a journal; an existing one is replaced.</summary>
    public static FinishedRows Create(string path, byte[] plan)
    {
        var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Write(plan);
        return new(stream);
    }

    /// <summary>Continues a journal; a record that was cut off is dropped.</summary>
    public static FinishedRows Append(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.SetLength(stream.Length - ((stream.Length - HeaderBytes) % RecordBytes));
        stream.Seek(0, SeekOrigin.End);
        return new(stream);
    }

    /// <summary>The plan and the records (row, checksum) of a journal; null when there is none that was started properly.</summary>
    public static (byte[] Plan, List<(int Row, uint Checksum)> Records)? Read(string path)
    {
        if (!File.Exists(path) || File.ReadAllBytes(path) is not { Length: >= HeaderBytes } bytes) return null;
        var records = new List<(int, uint)>();
        for (var at = HeaderBytes; at + RecordBytes <= bytes.Length; at += RecordBytes)
            records.Add((BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4))));
        return (bytes[..HeaderBytes], records);
    }

    /// <summary>A digest of everything that the bytes of a store depend on.</summary>
    public static byte[] PlanOf(Data.Formats.SafetensorsDeclaration tensor, IReadOnlyDictionary<string, string> header)
    {
        var text = new StringBuilder($"{tensor.Name} {tensor.Type} {string.Join(',', tensor.Shape)}\n");
        foreach (var (key, value) in header.OrderBy(h => h.Key, StringComparer.Ordinal))
            if (key != "backbone_path") text.Append(key).Append('=').Append(value).Append('\n');
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>CRC-32C of a row.</summary>
    public static uint Checksum(ReadOnlySpan<byte> row)
    {
        var checksum = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(row)) checksum = BitOperations.Crc32C(checksum, word);
        foreach (var last in row[(row.Length & ~7)..]) checksum = BitOperations.Crc32C(checksum, last);
        return ~checksum;
    }

    /// <summary>Records a row whose bytes were handed to the operating system before.</summary>
    public void Add(int row, uint checksum)
    {
        Span<byte> record = stackalloc byte[RecordBytes];
        BinaryPrimitives.WriteInt32LittleEndian(record, row);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], checksum);
        lock (stream) stream.Write(record);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
