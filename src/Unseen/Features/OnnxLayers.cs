using System.Text;

namespace Unseen.Features;

/// <summary>The little of the ONNX file format (protocol buffers) that is needed to read an intermediate result.</summary>
internal static class OnnxLayers
{
    private const int ModelGraph = 7, GraphNode = 1, GraphOutput = 12, NodeOutput = 2, ValueName = 1;

    /// <summary>
    /// The model with one more graph output. A field of a message that comes twice is merged, so an addition at the end of the file
    /// suffices; the runtime finds type and shape itself.
    /// </summary>
    public static byte[] AddOutput(ReadOnlySpan<byte> model, string layer)
    {
        var value = Field(ValueName, Encoding.UTF8.GetBytes(layer));
        return [.. model, .. Field(ModelGraph, Field(GraphOutput, value))];
    }

    /// <summary>Names of the results of all nodes, in file order; what is not understood is left out.</summary>
    public static IReadOnlyList<string> Names(ReadOnlySpan<byte> model)
    {
        var names = new List<string>();
        foreach (var graph in new ProtobufFields(model, ModelGraph))
            foreach (var node in new ProtobufFields(graph, GraphNode))
                foreach (var output in new ProtobufFields(node, NodeOutput))
                    names.Add(Encoding.UTF8.GetString(output));
        return names;
    }

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), .. Varint(content.Length), .. content];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}

/// <summary>Walks the length-delimited fields with one number in a protocol buffers message; stops at anything malformed.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message, int number)
{
    private ReadOnlySpan<byte> rest = message;

    /// <summary>Content of the current field.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly ProtobufFields GetEnumerator() => this;

    public bool MoveNext()
    {
        while (TryVarint(ref rest, out var key) && TryContent(ref rest, (int)(key & 7), out var content))
        {
            if (key >> 3 != (ulong)number || (key & 7) != 2) continue;
            Current = content;
            return true;
        }
        return false;
    }

    private static bool TryContent(scoped ref ReadOnlySpan<byte> rest, int wireType, out ReadOnlySpan<byte> content)
    {
        content = default;
        ulong length;
        switch (wireType)
        {
            case 0: return TryVarint(ref rest, out _);
            case 1: length = 8; break;
            case 5: length = 4; break;
            case 2 when TryVarint(ref rest, out length): break;
            default: return false;
        }
        if (length > (ulong)rest.Length) return false;
        content = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private static bool TryVarint(scoped ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && !rest.IsEmpty; shift += 7)
        {
            var part = rest[0];
            rest = rest[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return true;
        }
        return false;
    }
}
