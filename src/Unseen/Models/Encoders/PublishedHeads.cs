using System.Globalization;
using System.Text.Json;

namespace Unseen.Models.Encoders;

/// <summary>The number of attention heads, of which no shape tells: 64 numbers each, unless the config.json beside the weights says otherwise.</summary>
internal static class PublishedHeads
{
    public const long Width = 64; // of every DeiT, of ViT up to Large and of Google's BERTs

    private const long MostBytes = 1 << 20;

    /// <summary>Heads of this width; 1 for small networks that are narrower or in between.</summary>
    public static long Of(long hidden) => hidden % Width == 0 ? Math.Max(1, hidden / Width) : 1;

    /// <summary>Why the weights would be read wrongly, or null.</summary>
    /// <param name="weights">File of a ViT, DeiT or BERT.</param>
    /// <param name="hidden">Its width.</param>
    /// <exception cref="DatasetFormatException">The config.json beside it is too large or not JSON.</exception>
    public static string? Problem(string weights, long hidden)
    {
        if (hidden > Width && hidden % Width != 0)
            return $"It is {hidden} wide, which is no multiple of {Width}: its heads have another width than {Width}, and are not supported.";
        var config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(weights))!, "config.json");
        return Published(config) is { } heads && heads != Of(hidden)
            ? string.Create(CultureInfo.InvariantCulture, $"{config} says {heads} attention heads, but {hidden} numbers are read as {Of(hidden)} heads of {Width}: heads of another width are not supported.")
            : null;
    }

    private static long? Published(string config)
    {
        if (!File.Exists(config)) return null;
        if (new FileInfo(config).Length > MostBytes) throw new DatasetFormatException(config, $"the file has more than {MostBytes} bytes: it is not the config.json of a network.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(config));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("num_attention_heads", out var heads)
                && heads.ValueKind == JsonValueKind.Number && heads.TryGetInt64(out var count) ? count : null;
        }
        catch (JsonException e) { throw new DatasetFormatException(config, $"the file is not JSON: {e.Message}"); }
    }
}
