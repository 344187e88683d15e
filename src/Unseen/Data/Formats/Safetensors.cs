namespace Unseen.Data.Formats;

/// <summary>
/// Writes safetensors files: an 8-byte length, a JSON header padded to a multiple of 8 bytes, then the tensors. The bytes depend on
/// nothing but the arguments: keys are ordered, no time or path is stored.
/// </summary>
public static class Safetensors
{
    /// <summary>Writes tensors that are held in memory, atomically.</summary>
    /// <param name="path">File to write; replaced when it exists.</param>
    /// <param name="tensors">Tensors with unique names, in any order.</param>
    /// <param name="metadata">Free text pairs for the header.</param>
    /// <exception cref="ShapeException">A tensor's data does not fill its shape.</exception>
    public static void Write(string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        AtomicFile.Write(path, stream => WriteTo(stream, list, metadata));
    }

    /// <summary>Writes tensors that are held in memory to a stream.</summary>
    public static void WriteTo(Stream stream, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        list.ForEach(t => t.Check());
        var header = SafetensorsHeader.Build(list.Select(t => t.Declaration), metadata);
        stream.Write(header.Bytes);
        foreach (var tensor in list.OrderBy(t => header.Entries[t.Name].Offset).ThenBy(t => t.Data.Length))
            stream.Write(tensor.Data.Span);
    }
}
