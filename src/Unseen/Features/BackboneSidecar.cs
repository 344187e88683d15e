using System.Text.Json;

namespace Unseen.Features;

/// <summary>The JSON file beside an ONNX file that says how to feed it and what to read: NAME.json beside NAME.onnx.</summary>
public static class BackboneSidecar
{
    private const string Example = """{"height": 224, "width": 224, "scale": 0.00392156862745098, "mean": """ +
        """[0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}""";

    private static readonly string[] OwnKeys = ["layer", "grid", "dropTokens", "preTraining"];

    /// <summary>Where the sidecar of a model file is looked for.</summary>
    public static string PathOf(string model) => Path.ChangeExtension(model, ".json");

    /// <summary>Fills what the options leave open from the sidecar file or the built-in list of known backbones.</summary>
    /// <param name="model">ONNX file.</param>
    /// <param name="options">What the user asked for; wins over the sidecar.</param>
    /// <returns>Options whose preprocessing is not null.</returns>
    /// <exception cref="DatasetFormatException">The sidecar is wrong, or nothing says how to feed the model.</exception>
    public static BackboneOptions Complete(string model, BackboneOptions options)
    {
        var known = File.Exists(PathOf(model)) ? Read(PathOf(model)) : KnownBackbones.Find(model);
        if (known is null && options.Preprocessing is null)
            throw new DatasetFormatException(model,
                $"nothing says how pictures must be prepared for this backbone. Write {Path.GetFileName(PathOf(model))} beside it, " +
                $"for example {Example}.");
        return options with
        {
            Layer = options.Layer ?? known?.Layer,
            Grid = options.Grid ?? known?.Grid,
            DropTokens = options.DropTokens ?? known?.DropTokens,
            Preprocessing = options.Preprocessing ?? known!.Preprocessing,
            PreTraining = options.PreTraining ?? known?.PreTraining,
        };
    }

    /// <summary>Reads a sidecar file.</summary>
    /// <exception cref="DatasetFormatException">The file is not JSON, has an unknown key or a wrong value.</exception>
    public static BackboneOptions Read(string path)
    {
        var text = File.ReadAllText(path);
        try
        {
            using var json = JsonDocument.Parse(text);
            var preprocessing = PreprocessingJson.Read(json.RootElement, OwnKeys);
            return ReadOwn(json.RootElement) with { Preprocessing = preprocessing };
        }
        catch (Exception e) when (e is JsonException or ConfigurationException or FormatException or InvalidOperationException)
        {
            throw new DatasetFormatException(path, $"the sidecar of a backbone is wrong: {e.Message}", e);
        }
    }

    private static BackboneOptions ReadOwn(JsonElement json) => new()
    {
        Layer = json.TryGetProperty("layer", out var layer) ? layer.GetString() : null,
        Grid = json.TryGetProperty("grid", out var grid) ? FeatureGrid.Parse(grid.GetString() ?? "") : null,
        DropTokens = json.TryGetProperty("dropTokens", out var tokens) ? tokens.GetInt32() : null,
        PreTraining = json.TryGetProperty("preTraining", out var data) ? data.GetString() : null,
    };
}
