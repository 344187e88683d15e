using System.Text.Json;
using System.Text.Json.Nodes;

namespace Unseen.Features;

/// <summary>Preprocessing as JSON: the sidecar of a backbone and the metadata of a feature store use the same keys.</summary>
internal static class PreprocessingJson
{
    private static readonly string[] Keys =
        ["height", "width", "resize", "resizeTo", "crop", "interpolation", "channels", "scale", "mean", "std"];

    private static readonly Dictionary<string, ResizeRule> ResizeNames =
        new() { ["stretch"] = ResizeRule.Stretch, ["shortest-side"] = ResizeRule.ShortestSide };
    private static readonly Dictionary<string, CropRule> CropNames = new() { ["none"] = CropRule.None, ["center"] = CropRule.Center };
    private static readonly Dictionary<string, Interpolation> FilterNames =
        new() { ["bilinear"] = Interpolation.Bilinear, ["bicubic"] = Interpolation.Bicubic };
    private static readonly Dictionary<string, ChannelOrder> ChannelNames =
        new() { ["rgb"] = ChannelOrder.Rgb, ["bgr"] = ChannelOrder.Bgr };

    public static string Write(PreprocessingOptions options) => new JsonObject
    {
        ["height"] = options.Height,
        ["width"] = options.Width,
        ["resize"] = NameOf(ResizeNames, options.Resize),
        ["resizeTo"] = options.ResizeTo,
        ["crop"] = NameOf(CropNames, options.Crop),
        ["interpolation"] = NameOf(FilterNames, options.Interpolation),
        ["channels"] = NameOf(ChannelNames, options.ChannelOrder),
        ["scale"] = options.Scale,
        ["mean"] = new JsonArray([.. options.Mean.Select(v => JsonValue.Create(v))]),
        ["std"] = new JsonArray([.. options.StandardDeviation.Select(v => JsonValue.Create(v))]),
    }.ToJsonString();

    /// <summary>Reads and validates; keys beside the own ones and <paramref name="alsoAllowed"/> are refused.</summary>
    public static PreprocessingOptions Read(JsonElement json, params IReadOnlyCollection<string> alsoAllowed)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException("expected a JSON object.");
        foreach (var property in json.EnumerateObject())
            if (!Keys.Contains(property.Name) && !alsoAllowed.Contains(property.Name))
                throw new ConfigurationException([NearestName.Unknown("key", property.Name, Keys.Concat(alsoAllowed))]);
        var defaults = new PreprocessingOptions();
        var options = new PreprocessingOptions
        {
            Height = Int(json, "height", defaults.Height),
            Width = Int(json, "width", defaults.Width),
            Resize = Name(json, "resize", ResizeNames, defaults.Resize),
            ResizeTo = Int(json, "resizeTo", defaults.ResizeTo),
            Crop = Name(json, "crop", CropNames, defaults.Crop),
            Interpolation = Name(json, "interpolation", FilterNames, defaults.Interpolation),
            ChannelOrder = Name(json, "channels", ChannelNames, defaults.ChannelOrder),
            Scale = json.TryGetProperty("scale", out var scale) ? scale.GetDouble() : defaults.Scale,
            Mean = Numbers(json, "mean", defaults.Mean),
            StandardDeviation = Numbers(json, "std", defaults.StandardDeviation),
        };
        options.Validate();
        return options;
    }

    private static int Int(JsonElement json, string key, int fallback) =>
        json.TryGetProperty(key, out var value) ? value.GetInt32() : fallback;

    private static T Name<T>(JsonElement json, string key, Dictionary<string, T> names, T fallback)
    {
        if (!json.TryGetProperty(key, out var value)) return fallback;
        var text = value.GetString() ?? "";
        return names.TryGetValue(text, out var known)
            ? known
            : throw new ConfigurationException([NearestName.Unknown(key, text, names.Keys)]);
    }

    private static double[] Numbers(JsonElement json, string key, IReadOnlyList<double> fallback) =>
        json.TryGetProperty(key, out var value) ? [.. value.EnumerateArray().Select(v => v.GetDouble())] : [.. fallback];

    private static string NameOf<T>(Dictionary<string, T> names, T value) where T : struct => names.First(n => n.Value.Equals(value)).Key;
}
