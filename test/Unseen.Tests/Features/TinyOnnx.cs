using System.Buffers.Binary;
using System.Text;

namespace Unseen.Tests.Features;

/// <summary>Writes ONNX models of a few nodes, byte by byte, on an input "pixels" [batch, 3, height, width].</summary>
internal static class TinyOnnx
{
    /// <summary>Output "maps" [batch, 3, height, width], equal to the input.</summary>
    public static byte[] Maps(int height, int width, int batch = 0) =>
        Model(Input(height, width, batch), ["maps"], [Node("Identity", ["pixels"], ["maps"])]);

    /// <summary>Output "maps" [batch, 3, height / cell, width / cell], the mean of each cell: a network's grid without the network.</summary>
    public static byte[] Cells(int height, int width, int cell) => Model(Input(height, width), ["maps"],
        [Node("AveragePool", ["pixels"], ["maps"], Ints("kernel_shape", cell, cell), Ints("strides", cell, cell))]);

    /// <summary>Output "tokens" [batch, height * width, 3], row by row.</summary>
    public static byte[] Tokens(int height, int width) => Model(Input(height, width), ["tokens"],
        [
            Node("Reshape", ["pixels", "shape"], ["flat"]),
            Node("Transpose", ["flat"], ["tokens"], Ints("perm", 0, 2, 1)),
        ],
        LongTensor("shape", 0, 3, height * width));

    /// <summary>Output "global" [batch, 3], the mean over pixels, behind the intermediate result "hidden" = -input.</summary>
    public static byte[] Global(int height, int width) => Model(Input(height, width), ["global"],
        [
            Node("Neg", ["pixels"], ["hidden"]),
            Node("ReduceMean", ["hidden"], ["global"], Ints("axes", 2, 3), Int("keepdims", 0)),
        ]);

    /// <summary>Two outputs, "maps" and "global".</summary>
    public static byte[] TwoOutputs(int height, int width) => Model(Input(height, width), ["maps", "global"],
        [
            Node("Identity", ["pixels"], ["maps"]),
            Node("ReduceMean", ["pixels"], ["global"], Ints("axes", 2, 3), Int("keepdims", 0)),
        ]);

    private static byte[] Model(byte[] input, string[] outputs, byte[][] nodes, params byte[][] initializers)
    {
        var graph = nodes.Select(n => Field(1, n)).Append(Text(2, "tiny"))
            .Concat(initializers.Select(i => Field(5, i)))
            .Append(Field(11, input))
            .Concat(outputs.Select(o => Field(12, Text(1, o))));
        return [.. Number(1, 7), .. Field(7, [.. graph.SelectMany(b => b)]), .. Field(8, [.. Text(1, ""), .. Number(2, 13)])];
    }

    private static byte[] Input(int height, int width, int batch = 0)
    {
        byte[] first = batch == 0 ? Text(2, "batch") : Number(1, batch);
        byte[] shape = [.. Field(1, first), .. Field(1, Number(1, 3)), .. Field(1, Number(1, height)), .. Field(1, Number(1, width))];
        byte[] tensor = [.. Number(1, 1), .. Field(2, shape)];
        return [.. Text(1, "pixels"), .. Field(2, Field(1, tensor))];
    }

    private static byte[] Node(string type, string[] inputs, string[] outputs, params byte[][] attributes) =>
    [
        .. inputs.SelectMany(i => Text(1, i)), .. outputs.SelectMany(o => Text(2, o)), .. Text(4, type),
        .. attributes.SelectMany(a => Field(5, a)),
    ];

    private static byte[] Ints(string name, params long[] values) =>
        [.. Text(1, name), .. values.SelectMany(v => Number(8, v)), .. Number(20, 7)];

    private static byte[] Int(string name, long value) => [.. Text(1, name), .. Number(3, value), .. Number(20, 2)];

    private static byte[] LongTensor(string name, params long[] values)
    {
        var raw = new byte[8 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(8 * i), values[i]);
        return [.. Number(1, values.Length), .. Number(2, 7), .. Text(8, name), .. Field(9, raw)];
    }

    private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) => [.. Varint((number << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int number, long value) => [.. Varint(number << 3), .. Varint(value)];

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
