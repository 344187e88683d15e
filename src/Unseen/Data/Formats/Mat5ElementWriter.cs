using System.Buffers.Binary;
using System.Text;

namespace Unseen.Data.Formats;

/// <summary>Builds the elements of a MAT v5 file in memory.</summary>
internal sealed class Mat5ElementWriter(Mat5WriteOptions options)
{
    internal byte[] Matrix(string name, Mat5Value value)
    {
        var (code, bits) = value switch
        {
            Mat5Numbers numbers => ((int)numbers.Class, numbers.IsLogical ? Mat5Types.LogicalFlag : 0),
            Mat5Text => (Mat5Types.CharClass, 0),
            Mat5Cell => (Mat5Types.CellClass, 0),
            _ => throw new NotSupportedException($"Variable '{name}' is {value.GetType().Name}, which cannot be written."),
        };
        byte[] content =
        [
            .. Element(Mat5Types.UInt32, Words(options.BigEndian, code | bits << 8, 0)),
            .. Element(Mat5Types.Int32, Words(options.BigEndian, [.. value.Dimensions])),
            .. Element(Mat5Types.Int8, Encoding.UTF8.GetBytes(name)),
            .. Content(value),
        ];
        return [.. Words(options.BigEndian, Mat5Types.Matrix, content.Length), .. content];
    }

    internal static byte[] Words(bool bigEndian, params int[] words)
    {
        var bytes = new byte[4 * words.Length];
        for (var i = 0; i < words.Length; i++)
            if (bigEndian)
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), words[i]);
            else
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    private byte[] Content(Mat5Value value) => value switch
    {
        Mat5Numbers numbers => Numbers(numbers),
        Mat5Text text => Text(text),
        _ => [.. ((Mat5Cell)value).Items.SelectMany(item => Matrix("", item))],
    };

    private byte[] Text(Mat5Text text)
    {
        var columns = text.Columns;
        var bytes = new byte[2 * text.Rows * columns];
        for (var i = 0; i < bytes.Length / 2; i++)
            Order(BitConverter.GetBytes(text.Lines[i % text.Rows][i / text.Rows])).CopyTo(bytes, 2 * i);
        return Element(Mat5Types.UInt16, bytes);
    }

    private byte[] Numbers(Mat5Numbers numbers)
    {
        var type = StorageType(numbers);
        var size = Mat5Types.NumberSize(type);
        var bytes = new byte[checked(size * numbers.Count)];
        for (var i = 0; i < numbers.Count; i++)
            Order(Number(type, numbers[i])).AsSpan(0, size).CopyTo(bytes.AsSpan(size * i));
        return Element(type, bytes);
    }

    private int StorageType(Mat5Numbers numbers)
    {
        int[] compact = [Mat5Types.UInt8, Mat5Types.Int16, Mat5Types.UInt16, Mat5Types.Int32];
        var values = options.Compact && numbers.Class is not Mat5Class.Single ? numbers.ToArray() : [];
        foreach (var type in values.Length > 0 ? compact : [])
            if (Array.TrueForAll(values, v => Fits(type, v)))
                return type;
        return numbers.Class switch
        {
            Mat5Class.Double => Mat5Types.Double,
            Mat5Class.Single => Mat5Types.Single,
            Mat5Class.Int64 => Mat5Types.Int64,
            Mat5Class.UInt64 => Mat5Types.UInt64,
            var integer => (int)integer - (int)Mat5Class.Int8 + Mat5Types.Int8,
        };
    }

    private static bool Fits(int type, double value) =>
        BitConverter.DoubleToInt64Bits(value) != long.MinValue && value == Math.Floor(value) && type switch
        {
            Mat5Types.UInt8 => value is >= byte.MinValue and <= byte.MaxValue,
            Mat5Types.Int16 => value is >= short.MinValue and <= short.MaxValue,
            Mat5Types.UInt16 => value is >= ushort.MinValue and <= ushort.MaxValue,
            _ => value is >= int.MinValue and <= int.MaxValue,
        };

    private static byte[] Number(int type, double value) => type switch
    {
        Mat5Types.Int8 => [(byte)(sbyte)value],
        Mat5Types.UInt8 => [(byte)value],
        Mat5Types.Int16 => BitConverter.GetBytes((short)value),
        Mat5Types.UInt16 => BitConverter.GetBytes((ushort)value),
        Mat5Types.Int32 => BitConverter.GetBytes((int)value),
        Mat5Types.UInt32 => BitConverter.GetBytes((uint)value),
        Mat5Types.Single => BitConverter.GetBytes((float)value),
        Mat5Types.Double => BitConverter.GetBytes(value),
        Mat5Types.Int64 => BitConverter.GetBytes((long)value),
        _ => BitConverter.GetBytes((ulong)value),
    };

    /// <summary>Tag and data; up to 4 bytes share the 8 bytes of the tag, longer data is padded to a multiple of 8.</summary>
    private byte[] Element(int type, byte[] data)
    {
        if (data.Length is > 0 and <= 4)
            return [.. Words(options.BigEndian, data.Length << 16 | type), .. data, .. new byte[4 - data.Length]];
        return [.. Words(options.BigEndian, type, data.Length), .. data, .. new byte[-data.Length & 7]];
    }

    private byte[] Order(byte[] number)
    {
        if (options.BigEndian)
            Array.Reverse(number);
        return number;
    }
}
