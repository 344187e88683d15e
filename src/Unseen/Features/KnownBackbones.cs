namespace Unseen.Features;

/// <summary>Backbones whose preprocessing and pre-training set are built in, found by file name.</summary>
public static class KnownBackbones
{
    // Pillow's antialiased bilinear stretch of the whole picture to 224 x 224, no crop: the default options.
    private static readonly Dictionary<string, PreprocessingOptions> ByFileName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mobilenetv2.onnx"] = new(),
        ["resnet101v2-block3.onnx"] = new() { Scale = 1 / 127.5, Mean = [1, 1, 1], StandardDeviation = [1, 1, 1] },
    };

    /// <summary>The options of a known backbone, or null.</summary>
    public static BackboneOptions? Find(string model) =>
        ByFileName.TryGetValue(Path.GetFileName(model), out var preprocessing) ? new() { Preprocessing = preprocessing, PreTraining = "ImageNet-1k" } : null;
}
