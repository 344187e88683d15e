using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Unseen.Data.Formats;

/// <summary>
/// A safetensors file opened read-only through a memory map: opening reads the header alone, tensors are paged in on access, so files
/// may be larger than memory. Reading from several threads at once is safe; disposing while a span is in use is not.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    private SafetensorsFile(string path)
    {
        Path = path;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        Length = stream.Length;
        if (Length < 8)
            throw new DatasetFormatException(path, $"not a safetensors file: it has {Length} bytes, fewer than the 8 of the header " +
                "length.");
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        try
        {
            var headerLength = SafetensorsHeaderParser.HeaderLength(path, new(_start, 8), Length);
            (var entries, Metadata) = SafetensorsHeaderParser.Parse(path, new(_start + 8, headerLength), Length);
            Entries = entries;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>Names, types and shapes of the tensors.</summary>
    internal IEnumerable<SafetensorsDeclaration> Declarations => Entries.Values.Select(e => new SafetensorsDeclaration(e.Name, e.Type, e.Shape));

    /// <summary>Free text pairs of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its whole header.</summary>
    /// <exception cref="DatasetFormatException">The file is missing, cannot be read, or is not a valid safetensors file.</exception>
    public static SafetensorsFile Open(string path) =>
        FileErrors.Guard(path, () => new SafetensorsFile(System.IO.Path.GetFullPath(path)));

    /// <summary>The entry of a tensor.</summary>
    /// <exception cref="UnknownNameException">The file has no such tensor.</exception>
    public SafetensorsEntry Entry(string name) =>
        Entries.TryGetValue(name, out var entry) ? entry : throw new UnknownNameException($"tensor of {Path}", name, Entries.Keys);

    /// <summary>Raw bytes of a part of a tensor, without a copy. Valid until the file is disposed.</summary>
    /// <param name="name">Tensor name.</param>
    /// <param name="offset">First byte, counted from the start of the tensor.</param>
    /// <param name="length">Number of bytes.</param>
    public ReadOnlySpan<byte> Bytes(string name, long offset, int length) => Bytes(Entry(name), offset, length);

    /// <summary>Elements of a part of a tensor, without a copy. Valid until the file is disposed.</summary>
    /// <typeparam name="T">The element type of the tensor; <see cref="ushort"/> for the raw bits of BF16, <see cref="byte"/> for
    /// BOOL.</typeparam>
    public ReadOnlySpan<T> Elements<T>(string name, long firstElement, int count) where T : unmanaged
    {
        var entry = Entry(name);
        if (!entry.Type.Reads<T>())
            throw new ArgumentException($"Tensor '{name}' of {Path} holds {entry.Type.FileName()}, not {typeof(T).Name}.");
        CheckElements(entry, firstElement, count);
        return MemoryMarshal.Cast<byte, T>(Bytes(entry, firstElement * sizeof(T), checked(count * sizeof(T))));
    }

    /// <summary>Copies elements of a tensor, beginning at an element, until the destination is full.</summary>
    public void Read<T>(string name, long firstElement, Span<T> destination) where T : unmanaged =>
        Elements<T>(name, firstElement, destination.Length).CopyTo(destination);

    /// <summary>Copies elements of a floating-point tensor (F16, BF16, F32, F64) as 32-bit floats.</summary>
    public void ReadSingle(string name, long firstElement, Span<float> destination)
    {
        switch (Entry(name).Type)
        {
            case SafetensorsType.F16:
                TensorPrimitives.ConvertToSingle(Elements<Half>(name, firstElement, destination.Length), destination);
                break;
            case SafetensorsType.BF16:
                WidenBFloat16(Elements<ushort>(name, firstElement, destination.Length), destination);
                break;
            case SafetensorsType.F64:
                TensorPrimitives.ConvertTruncating(Elements<double>(name, firstElement, destination.Length), destination);
                break;
            default:
                Read(name, firstElement, destination);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_start is null)
            return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    /// <summary>A bfloat16 is the upper half of a float: each element is shifted up by 16 bits.</summary>
    internal static void WidenBFloat16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        var bits = MemoryMarshal.Cast<float, uint>(destination);
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }
        for (; i < source.Length; i++)
            bits[i] = (uint)source[i] << 16;
    }

    private ReadOnlySpan<byte> Bytes(SafetensorsEntry entry, long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        if (offset < 0 || length < 0 || offset > entry.ByteLength - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"Bytes {offset}..{offset + length} lie outside tensor " +
                $"'{entry.Name}' of {Path}, " +
                $"which has {entry.ByteLength} bytes.");
        return new(_start + entry.Offset + offset, length);
    }

    private void CheckElements(SafetensorsEntry entry, long first, int count)
    {
        if (first < 0 || first > entry.Elements - count)
            throw new ArgumentOutOfRangeException(nameof(first), $"Elements {first}..{first + count} lie outside tensor " +
                $"'{entry.Name}' of {Path}, " +
                $"which has {entry.Elements} elements.");
    }
}
