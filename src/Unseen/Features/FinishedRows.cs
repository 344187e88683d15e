using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Unseen.Features;

/// <summary>
/// The journal beside an unfinished store: which rows are written, with a checksum each. A row counts only when its bytes still have
/// the checksum, so neither a killed process nor a power failure can leave a wrong row behind.
/// </summary>
internal sealed class FinishedRows : IDisposable
{
    private const int HeaderBytes = 32, RecordBytes = 8;
    private readonly FileStream stream;

    private FinishedRows(FileStream stream)
    {
        this.stream = stream;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        if (bytes.Length < HeaderBytes) return;
        Plan = bytes[..HeaderBytes];
        for (var at = HeaderBytes; at + RecordBytes <= bytes.Length; at += RecordBytes)
            Records.Add((BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4))));
    }

    /// <summary>The plan that an earlier process began with, or null.</summary>
    public byte[]? Plan { get; private set; }

    /// <summary>What an earlier process recorded.</summary>
    public List<(int Row, uint Checksum)> Records { get; } = [];

    /// <summary>Opens or creates a journal and locks it against other processes.</summary>
    /// <exception cref="IOException">Another process writes the store.</exception>
    public static FinishedRows Open(string path) =>
        new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));

    /// <summary>Forgets everything: until <see cref="Start"/> the journal vouches for no row of any file.</summary>
    public void Clear()
    {
        stream.SetLength(0);
        Records.Clear();
        Plan = null;
    }

    /// <summary>Begins an empty journal.</summary>
    public void Start(byte[] plan)
    {
        stream.SetLength(0);
        stream.Write(plan);
        Plan = plan;
    }

    /// <summary>Goes on after the last whole record; one that was cut off is dropped.</summary>
    public void Continue() => stream.SetLength(stream.Seek(HeaderBytes + ((long)Records.Count * RecordBytes), SeekOrigin.Begin));

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
