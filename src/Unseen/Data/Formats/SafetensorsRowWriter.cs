using Microsoft.Win32.SafeHandles;

namespace Unseen.Data.Formats;

/// <summary>
/// A safetensors file of full size whose rows are filled in any order, from any thread, in this process or a later one.
/// Rows never written are zero. The file is written in place: give it a temporary name and rename it when it is complete.
/// </summary>
public sealed class SafetensorsRowWriter : IDisposable
{
    private readonly SafeFileHandle _handle;

    private SafetensorsRowWriter(string path, SafeFileHandle handle, IReadOnlyDictionary<string, SafetensorsEntry> entries,
        IReadOnlyDictionary<string, string> metadata) => (Path, _handle, Entries, Metadata) = (path, handle, entries, metadata);

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>Free text pairs of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Creates a file with all its disk space reserved (a full disk shows at once) and its header written; replaces an existing
    /// file.</summary>
    /// <exception cref="IOException">The disk is full or the file cannot be written.</exception>
    public static SafetensorsRowWriter Create(
        string path, IEnumerable<SafetensorsDeclaration> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var full = System.IO.Path.GetFullPath(path);
        var header = SafetensorsHeader.Build(tensors, metadata);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        var handle = File.OpenHandle(full, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, FileOptions.None, header.FileLength);
        try
        {
            RandomAccess.SetLength(handle, header.FileLength);
            RandomAccess.Write(handle, header.Bytes, 0);
            return new(full, handle, header.Entries, header.Metadata);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file made by <see cref="Create"/> to write more rows.</summary>
    /// <exception cref="DatasetFormatException">The file is missing or not a valid safetensors file.</exception>
    public static SafetensorsRowWriter Open(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var handle = FileErrors.Guard(file.Path, () => File.OpenHandle(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
        return new(file.Path, handle, file.Entries, file.Metadata);
    }

    /// <summary>Writes one row of the file's only tensor.</summary>
    /// <param name="row">Index on the first axis.</param>
    /// <param name="bytes">The whole row, little endian.</param>
    public void WriteRow(long row, ReadOnlySpan<byte> bytes)
    {
        if (Entries.Count != 1)
            throw new InvalidOperationException($"{Path} has {Entries.Count} tensors: name the one to write to.");
        WriteRow(Entries.Keys.First(), row, bytes);
    }

    /// <summary>Writes one row of a tensor.</summary>
    /// <param name="name">Tensor name.</param>
    /// <param name="row">Index on the first axis.</param>
    /// <param name="bytes">The whole row, little endian.</param>
    public void WriteRow(string name, long row, ReadOnlySpan<byte> bytes)
    {
        if (!Entries.TryGetValue(name, out var entry))
            throw new UnknownNameException($"tensor of {Path}", name, Entries.Keys);
        if (entry.Shape.Count == 0 || row < 0 || row >= entry.Shape[0])
            throw new ArgumentOutOfRangeException(nameof(row), $"Row {row} lies outside tensor '{name}' " +
                $"[{string.Join(", ", entry.Shape)}].");
        if (bytes.Length != entry.RowBytes)
            throw new ShapeException($"A row of tensor '{name}' has {entry.RowBytes} bytes, given are {bytes.Length}.");
        RandomAccess.Write(_handle, bytes, entry.Offset + row * entry.RowBytes);
    }

    /// <summary>Waits until every row written so far is on the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_handle);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
