using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Unseen.Data.Formats;

/// <summary>Reads the elements of a MAT v5 file. Every announced length is checked before memory is taken for it.</summary>
internal sealed class Mat5Reader(string path, FileStream stream, long maximumBytes)
{
    private const int HeaderLength = 128;
    private const int MaximumDepth = 16;
    private const int MaximumAxes = 32;

    /// <summary>Deflate cannot shrink data by more than this factor.</summary>
    private const long MaximumRatio = 1032;

    /// <summary>What one element costs in objects, on top of its values.</summary>
    private const int ElementCost = 256;

    private readonly long _length = stream.Length;
    private long _allowance = stream.Length + maximumBytes;

    internal Dictionary<string, Mat5Value> Read()
    {
        var file = new Mat5Source(path, stream, HeaderLength, ReadHeader());
        var variables = new Dictionary<string, Mat5Value>(StringComparer.Ordinal);
        while (file.Position < _length)
        {
            var tag = file.ReadTag(_length);
            var (name, value) = tag.Type == Mat5Types.Compressed ? ReadCompressed(file, tag) : ReadMatrix(file, tag, 0);
            if (!variables.TryAdd(name, value))
                throw file.Wrong($"variable '{name}' appears twice");
            file.SkipTo(tag.Next);
        }
        return variables;
    }

    private bool ReadHeader()
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
            throw new DatasetFormatException(path, $"not a MAT v5 file: it has {_length} bytes, fewer than the {HeaderLength} of the " +
                "header.");
        if (header.StartsWith("MATLAB 7.3"u8))
            throw new DatasetFormatException(path, "this is a MAT v7.3 file, which is HDF5. Import it as HDF5, or save it with -v7.");
        var bigEndian = header[126..].SequenceEqual("MI"u8);
        var version = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(header[124..])
            : BinaryPrimitives.ReadUInt16LittleEndian(header[124..]);
        if (version != 0x0100 || !(bigEndian || header[126..].SequenceEqual("IM"u8)))
            throw new DatasetFormatException(path, $"not a MAT v5 file: expected version 0x0100 and the mark IM or MI, found " +
                $"0x{version:X4}.");
        return bigEndian;
    }

    private (string Name, Mat5Value Value) ReadCompressed(Mat5Source file, Mat5Tag tag)
    {
        using var part = new BoundedStream(stream, tag.Length);
        using var inflated = new ZLibStream(part, CompressionMode.Decompress);
        var source = new Mat5Source(path, inflated, 0, file.BigEndian);
        var inner = source.ReadTag(tag.Length * MaximumRatio);
        var variable = ReadMatrix(source, inner, 0);
        source.SkipTo(inner.Next);
        source.ExpectEnd();
        stream.Position = file.Position;
        return variable;
    }

    private (string Name, Mat5Value Value) ReadMatrix(Mat5Source source, Mat5Tag tag, int depth)
    {
        if (tag.Type != Mat5Types.Matrix)
            throw source.Wrong($"expected a matrix (type 14), found type {tag.Type}");
        if (depth > MaximumDepth)
            throw source.Wrong($"cells are nested deeper than {MaximumDepth}");
        Charge(source, ElementCost);
        if (tag.Length == 0)
            return ("", new Mat5Numbers([0, 0], Array.Empty<double>()));
        var end = source.Position + tag.Length;
        var flags = ReadFlags(source, end);
        var dimensions = ReadDimensions(source, end);
        var name = Encoding.UTF8.GetString(ReadBytes(source, end, Mat5Types.Int8, 1024, "name"));
        return (name, ReadValue(source, end, flags, dimensions, depth));
    }

    private Mat5Value ReadValue(Mat5Source source, long end, uint flags, int[] dimensions, int depth)
    {
        var code = (int)(flags & 0xFF);
        var bits = (int)(flags >> 8 & 0xFF);
        if (Mat5Types.UnsupportedClass(code) is { } kind)
            return new Mat5Unsupported(dimensions, kind);
        if ((bits & Mat5Types.ComplexFlag) != 0)
            return new Mat5Unsupported(dimensions, "complex");
        return code switch
        {
            Mat5Types.CellClass => ReadCell(source, end, dimensions, depth),
            Mat5Types.CharClass => ReadText(source, end, dimensions),
            _ => ReadNumbers(source, end, (Mat5Class)code, dimensions) with { IsLogical = (bits & Mat5Types.LogicalFlag) != 0 },
        };
    }

    private static uint ReadFlags(Mat5Source source, long end)
    {
        var tag = source.ReadTag(end);
        if (tag.Type != Mat5Types.UInt32 || tag.Length != 8)
            throw source.Wrong("the array flags are not two 32-bit words");
        var flags = source.ReadUInt32(end);
        source.SkipTo(tag.Next);
        return flags;
    }

    private static int[] ReadDimensions(Mat5Source source, long end)
    {
        var tag = source.ReadTag(end);
        if (tag.Type != Mat5Types.Int32 || tag.Length % 4 != 0 || tag.Length / 4 is < 2 or > MaximumAxes)
            throw source.Wrong($"the dimensions are not 2 to {MaximumAxes} integers");
        var dimensions = new int[tag.Length / 4];
        for (var i = 0; i < dimensions.Length; i++)
            dimensions[i] = (int)source.ReadUInt32(end);
        source.SkipTo(tag.Next);
        if (dimensions.Any(axis => axis < 0) || ElementCount(dimensions) > Array.MaxLength)
            throw source.Wrong($"the dimensions [{string.Join(", ", dimensions)}] are negative or too large");
        return dimensions;
    }

    /// <summary>Product of the axes, cut off above what an array can hold.</summary>
    private static long ElementCount(int[] dimensions) =>
        dimensions.Contains(0) ? 0 : dimensions.Aggregate(1L, (product, axis) => Math.Min(product * axis, 1L + Array.MaxLength));

    private static byte[] ReadBytes(Mat5Source source, long end, int type, int maximum, string what)
    {
        var tag = source.ReadTag(end);
        if (tag.Type != type || tag.Length > maximum)
            throw source.Wrong($"the {what} has type {tag.Type} and {tag.Length} bytes, expected type {type} and at most {maximum} bytes");
        var bytes = new byte[tag.Length];
        source.Fill(bytes);
        source.SkipTo(tag.Next);
        return bytes;
    }

    private Mat5Cell ReadCell(Mat5Source source, long end, int[] dimensions, int depth)
    {
        var count = ElementCount(dimensions);
        if (count > (end - source.Position) / 8)
            throw source.Wrong($"a cell array of {count} elements does not fit into {end - source.Position} bytes");
        Charge(source, count * ElementCost);
        var items = new Mat5Value[count];
        for (var i = 0; i < items.Length; i++)
        {
            var tag = source.ReadTag(end);
            items[i] = ReadMatrix(source, tag, depth + 1).Value;
            source.SkipTo(tag.Next);
        }
        return new(dimensions, items);
    }

    private Mat5Text ReadText(Mat5Source source, long end, int[] dimensions)
    {
        var count = ElementCount(dimensions);
        var rows = dimensions[0];
        if (count == 0)
            return new(dimensions, []);
        var tag = source.ReadTag(end);
        Charge(source, tag.Length * 8 + rows * 64L);
        var bytes = new byte[tag.Length];
        source.Fill(bytes);
        source.SkipTo(tag.Next);
        var text = Mat5TextDecoder.Decode(tag.Type, bytes, source.BigEndian);
        if (text is null || text.Length != count)
            throw source.Wrong($"a char array of dimensions [{string.Join(", ", dimensions)}] has type {tag.Type} and " +
                $"{text?.Length} characters");
        var lines = new string[rows];
        for (var row = 0; row < rows; row++)
            lines[row] = string.Create(text.Length / rows, (text, row, rows), static (line, from) =>
            {
                for (var column = 0; column < line.Length; column++)
                    line[column] = from.text[column * from.rows + from.row];
            });
        return new(dimensions, lines);
    }

    private Mat5Numbers ReadNumbers(Mat5Source source, long end, Mat5Class type, int[] dimensions)
    {
        var count = ElementCount(dimensions);
        if (count == 0 && source.Position == end)
            return new(dimensions, Array.Empty<double>(), type);
        var tag = source.ReadTag(end);
        var size = Mat5Types.NumberSize(tag.Type);
        if (size == 0 || tag.Length != count * size)
            throw source.Wrong($"an array of dimensions [{string.Join(", ", dimensions)}] has type {tag.Type} and {tag.Length} bytes");
        Charge(source, count * (type == Mat5Class.Single ? sizeof(float) : sizeof(double)));
        var numbers = type == Mat5Class.Single
            ? new Mat5Numbers(dimensions, Mat5NumberDecoder.Read<float>(source, tag.Type, (int)count))
            : new Mat5Numbers(dimensions, Mat5NumberDecoder.Read<double>(source, tag.Type, (int)count), type);
        source.SkipTo(tag.Next);
        return numbers;
    }

    private void Charge(Mat5Source source, long bytes)
    {
        _allowance -= bytes;
        if (_allowance < 0)
            throw source.Wrong($"its values need more memory than the size of the file plus the limit of {maximumBytes} bytes");
    }
}
