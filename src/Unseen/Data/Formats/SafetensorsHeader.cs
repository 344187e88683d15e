using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Unseen.Data.Formats;

/// <summary>The JSON header of a safetensors file: its bytes, its tensors with offsets inside the data block, its metadata.</summary>
internal sealed record SafetensorsHeader(
    byte[] Bytes, IReadOnlyDictionary<string, SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long FileLength)
{
    internal const string MetadataKey = "__metadata__";
    internal const long MaximumLength = 100L << 20;
    internal const int MaximumRank = 32;

    /// <summary>Lays the tensors out: wide element types first so that every tensor is aligned, then by ordinal name.</summary>
    internal static SafetensorsHeader Build(IEnumerable<SafetensorsDeclaration> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var ordered = tensors.OrderByDescending(t => t.Type.Size()).ThenBy(t => t.Name, StringComparer.Ordinal).ToList();
        CheckNames(ordered);
        var json = Json(ordered, metadata ?? new Dictionary<string, string>());
        var bytes = Prefixed(json);
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        long offset = bytes.Length;
        foreach (var tensor in ordered)
        {
            entries.Add(tensor.Name, new(tensor.Name, tensor.Type, [.. tensor.Shape], offset, tensor.ByteLength));
            offset = checked(offset + tensor.ByteLength);
        }
        return new(bytes, entries, metadata ?? new Dictionary<string, string>(), offset);
    }

    /// <summary>Bytes of a shape; false when an axis is negative, there are too many axes, or the product overflows.</summary>
    internal static bool TryByteLength(SafetensorsType type, IReadOnlyList<long> shape, out long bytes)
    {
        bytes = type.Size();
        if (shape.Count > MaximumRank || shape.Any(axis => axis < 0))
            return false;
        if (shape.Contains(0))
            return (bytes = 0) == 0;
        foreach (var axis in shape)
            if (bytes > long.MaxValue / axis)
                return false;
            else
                bytes *= axis;
        return true;
    }

    private static void CheckNames(List<SafetensorsDeclaration> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
            if (tensor.Name == MetadataKey || !names.Add(tensor.Name))
                throw new ArgumentException($"Tensor name '{tensor.Name}' is reserved or appears twice.", nameof(tensors));
    }

    private static byte[] Json(List<SafetensorsDeclaration> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var tensor in tensors)
                offset = WriteTensor(json, tensor, offset);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return;
        json.WriteStartObject(MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static long WriteTensor(Utf8JsonWriter json, SafetensorsDeclaration tensor, long offset)
    {
        var end = checked(offset + tensor.ByteLength);
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.FileName());
        json.WriteStartArray("shape");
        foreach (var axis in tensor.Shape)
            json.WriteNumberValue(axis);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }

    /// <summary>Length prefix, JSON, and blanks up to a multiple of 8 so that the data is aligned.</summary>
    private static byte[] Prefixed(byte[] json)
    {
        var padded = (json.Length + 7) / 8 * 8;
        if (padded > MaximumLength)
            throw new ArgumentException($"The safetensors header has {padded} bytes, more than {MaximumLength}. Put less into the " +
                "metadata.", nameof(json));
        var bytes = new byte[8 + padded];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, padded);
        json.CopyTo(bytes, 8);
        bytes.AsSpan(8 + json.Length).Fill((byte)' ');
        return bytes;
    }
}
