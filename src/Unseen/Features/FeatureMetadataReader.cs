using System.Globalization;
using System.Text.Json;
using Unseen.Data.Formats;

namespace Unseen.Features;

/// <summary>Reads and checks the header of a feature store; every field is untrusted.</summary>
internal sealed class FeatureMetadataReader(string path, IReadOnlyDictionary<string, string> header)
{
    public FeatureMetadata Read(SafetensorsEntry tensor)
    {
        var names = Json<string[]>("names");
        var byteLengths = Json<long[]>("byte_lengths");
        RequireNames(names, byteLengths, tensor);
        var metadata = new FeatureMetadata
        {
            Names = names,
            ByteLengths = byteLengths,
            FinishedShards = Text("finished_shards"),
            Backbone = Backbone(tensor),
        };
        return metadata.Fingerprint == Text("fingerprint")
            ? metadata
            : throw Wrong("'fingerprint' does not belong to 'names' and 'byte_lengths'.");
    }

    private BackboneDescription Backbone(SafetensorsEntry tensor) => new()
    {
        Name = Text("backbone"),
        Path = Text("backbone_path"),
        Sha256 = Text("backbone_sha256"),
        Layer = Text("layer"),
        DropTokens = int.TryParse(Text("drop_tokens"), NumberStyles.None, CultureInfo.InvariantCulture, out var tokens)
            ? tokens
            : throw Wrong($"'drop_tokens' must be a whole number, found '{Text("drop_tokens")}'."),
        PreTraining = header.GetValueOrDefault("pre_training") is { Length: > 0 } data ? data : null,
        Preprocessing = Preprocessing(),
        Grid = Grid(tensor),
        Visual = (int)tensor.Shape[^1],
    };

    private void RequireNames(string[] names, long[] byteLengths, SafetensorsEntry tensor)
    {
        if (names.Length != tensor.Shape[0])
            throw Wrong($"'names' has {names.Length} entries, but tensor '{tensor.Name}' has {tensor.Shape[0]} rows.");
        if (byteLengths.Length != names.Length) throw Wrong($"'byte_lengths' has {byteLengths.Length} entries, expected {names.Length}.");
        for (var i = 1; i < names.Length; i++)
            if (string.CompareOrdinal(names[i - 1], names[i]) >= 0)
                throw Wrong($"'names' must be in ordinal order without repetition; '{names[i]}' stands after '{names[i - 1]}'.");
    }

    private FeatureGrid? Grid(SafetensorsEntry tensor)
    {
        if (tensor.Shape.Count == 2) return null;
        return FeatureGrid.TryParse(Text("grid"), out var grid) && grid.Regions == tensor.Shape[1]
            ? grid
            : throw Wrong($"'grid' must be HEIGHTxWIDTH with {tensor.Shape[1]} regions, found '{Text("grid")}'.");
    }

    private PreprocessingOptions Preprocessing()
    {
        try
        {
            using var json = JsonDocument.Parse(Text("preprocessing"));
            return PreprocessingJson.Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or ConfigurationException or FormatException or InvalidOperationException)
        {
            throw Wrong($"'preprocessing' is wrong: {e.Message}");
        }
    }

    private T Json<T>(string key) where T : class
    {
        try
        {
            var value = JsonSerializer.Deserialize<T>(Text(key));
            var hasNull = value is null || (value is string?[] texts && texts.Contains(null));
            return hasNull ? throw Wrong($"'{key}' must not hold null.") : value!;
        }
        catch (JsonException e)
        {
            throw Wrong($"'{key}' is not the JSON list it should be: {e.Message}");
        }
    }

    private string Text(string key) => header.TryGetValue(key, out var value) ? value : throw Wrong($"the header has no '{key}'.");

    private DatasetFormatException Wrong(string what) =>
        new(path, $"not a feature store of this program: {what} Make it again with 'unseen extract'.");
}
