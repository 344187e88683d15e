using System.Buffers.Binary;
using System.Text.Json;

namespace Unseen.Data.Formats;

/// <summary>Reads and checks a safetensors header before any tensor byte is touched.</summary>
internal ref struct SafetensorsHeaderParser
{
    private readonly string _path;
    private readonly long _dataStart;
    private readonly long _fileLength;
    private readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;
    private bool _hasMetadata;

    private SafetensorsHeaderParser(string path, ReadOnlySpan<byte> json, long fileLength)
    {
        _path = path;
        _dataStart = 8 + json.Length;
        _fileLength = fileLength;
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
    }

    /// <summary>Length of the JSON header announced by the first 8 bytes, checked against the file.</summary>
    internal static int HeaderLength(string path, ReadOnlySpan<byte> prefix, long fileLength)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaximumLength)
            throw new DatasetFormatException(path, $"the safetensors header claims {length} bytes, more than the limit of " +
                $"{SafetensorsHeader.MaximumLength}. Is it a safetensors file?");
        if ((long)length > fileLength - 8)
            throw new DatasetFormatException(path, $"the safetensors header claims {length} bytes, but only {fileLength - 8} follow. " +
                "The file is cut off or not a safetensors file.");
        return (int)length;
    }

    /// <summary>Parses the JSON; offsets of the entries count from the start of the file.</summary>
    internal static (Dictionary<string, SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(
        string path, ReadOnlySpan<byte> json, long fileLength)
    {
        var parser = new SafetensorsHeaderParser(path, json, fileLength);
        try
        {
            parser.ReadRoot();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new DatasetFormatException(path, $"the safetensors header is not valid JSON: {e.Message}", e);
        }
        parser.CheckLayout();
        return (parser._entries, parser._metadata);
    }

    private void ReadRoot()
    {
        Expect(JsonTokenType.StartObject);
        while (NextKey(out var name))
            if (name == SafetensorsHeader.MetadataKey)
                ReadMetadata();
            else if (!_entries.TryAdd(name, ReadEntry(name)))
                throw Wrong($"tensor '{name}' appears twice");
        if (_json.Read())
            throw Wrong("something follows the header object");
    }

    private void ReadMetadata()
    {
        if (_hasMetadata)
            throw Wrong($"{SafetensorsHeader.MetadataKey} appears twice");
        _hasMetadata = true;
        Expect(JsonTokenType.StartObject);
        while (NextKey(out var key))
        {
            Expect(JsonTokenType.String);
            if (!_metadata.TryAdd(key, _json.GetString()!))
                throw Wrong($"metadata '{key}' appears twice");
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        SafetensorsType? type = null;
        List<long>? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject);
        while (NextKey(out var key))
            switch (key)
            {
                case "dtype" when type is null: type = ReadType(name); break;
                case "shape" when shape is null: shape = ReadNumbers(name); break;
                case "data_offsets" when offsets is null: offsets = ReadNumbers(name); break;
                default: throw Wrong($"tensor '{name}' has the unknown or repeated key '{key}'");
            }
        if (type is null || shape is null || offsets is not { Count: 2 })
            throw Wrong($"tensor '{name}' needs dtype, shape and two data_offsets");
        return Entry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    private readonly SafetensorsEntry Entry(string name, SafetensorsType type, List<long> shape, long begin, long end)
    {
        var available = _fileLength - _dataStart;
        if (begin > end || end > available)
            throw Wrong($"tensor '{name}' lies at {begin}..{end}, but the data has {available} bytes");
        if (!SafetensorsHeader.TryByteLength(type, shape, out var bytes) || bytes != end - begin)
            throw Wrong($"tensor '{name}' of shape [{string.Join(", ", shape)}] {type.FileName()} does not fill its {end - begin} bytes");
        return new(name, type, shape.ToArray(), _dataStart + begin, bytes);
    }

    private SafetensorsType ReadType(string name)
    {
        Expect(JsonTokenType.String);
        var text = _json.GetString()!;
        return SafetensorsTypes.Parse(text) ?? throw Wrong($"tensor '{name}' has the unsupported dtype '{text}'. " +
            $"Supported: {string.Join(", ", Enum.GetValues<SafetensorsType>().Select(t => t.FileName()))}");
    }

    private List<long> ReadNumbers(string name)
    {
        var numbers = new List<long>();
        Expect(JsonTokenType.StartArray);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number) || number < 0)
                throw Wrong($"tensor '{name}' has a shape or offset that is not a whole number of at least 0");
            if (numbers.Count == SafetensorsHeader.MaximumRank)
                throw Wrong($"tensor '{name}' has more than {SafetensorsHeader.MaximumRank} axes");
            numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>Tensors must tile the data block: no overlap, no hole, nothing behind.</summary>
    private readonly void CheckLayout()
    {
        var end = _dataStart;
        foreach (var entry in _entries.Values.OrderBy(e => e.Offset).ThenBy(e => e.ByteLength))
        {
            if (entry.Offset != end)
                throw Wrong($"tensor '{entry.Name}' starts at byte {entry.Offset}, but the one before ends at {end}: overlap or hole");
            end += entry.ByteLength;
        }
        if (end != _fileLength)
            throw Wrong($"the tensors end at byte {end}, but the file has {_fileLength} bytes");
    }

    private bool NextKey(out string name)
    {
        name = "";
        if (!_json.Read())
            throw Wrong("it ends too early");
        if (_json.TokenType == JsonTokenType.EndObject)
            return false;
        name = _json.GetString()!;
        return true;
    }

    private void Expect(JsonTokenType type)
    {
        if (!_json.Read() || _json.TokenType != type)
            throw Wrong($"expected {type}, found {_json.TokenType}");
    }

    private readonly DatasetFormatException Wrong(string what) => new(_path, $"the safetensors header is wrong: {what}.");
}
