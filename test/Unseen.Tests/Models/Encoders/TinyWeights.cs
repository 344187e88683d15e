using Unseen.Data.Formats;
using Unseen.Models.Encoders;

namespace Unseen.Tests.Models.Encoders;

/// <summary>Files with random weights of small networks, named as the published ones.</summary>
internal static class TinyWeights
{
    public static readonly VisionTransformerOptions Deit = new()
    {
        ImageSize = 32,
        PatchSize = 16,
        Hidden = 64,
        Heads = 1,
        Layers = 3,
        FeedForward = 12,
        Classes = 5,
        Distilled = true,
    };

    public static readonly SwinOptions Swin = new() { PatchSize = 4, Embedding = 8, Depths = [2, 1], Heads = [1, 2], Window = 2, FeedForwardRatio = 2, Classes = 0 };

    /// <summary>Writes a file and returns its path.</summary>
    public static string Write(string path, WeightLayout layout, float deviation = 0.2f, int seed = 1)
    {
        var random = new Random(seed);
        Safetensors.Write(path, layout.Weights.Select(w => SafetensorsTensor.Of(w.Name,
            Enumerable.Range(0, (int)w.Elements).Select(_ => w.Initial == InitialValue.One ? 1 : deviation * (random.NextSingle() - 0.5f)).ToArray(), w.Shape)));
        return path;
    }

    /// <summary>A MobileNetV2 whose numbers neither vanish nor grow, so that pictures tell apart.</summary>
    public static string WriteMobileNetV2(string path)
    {
        var random = new Random(3);
        Safetensors.Write(path, MobileNetV2.Layout().Weights.Select(w =>
        {
            var inputs = w.Shape.Length == 4 ? w.Shape[1] * w.Shape[2] * w.Shape[3] : 1;
            var scale = w.Initial == InitialValue.Normal ? (float)Math.Sqrt(12.0 / inputs) : 0.1f;
            return SafetensorsTensor.Of(w.Name,
                Enumerable.Range(0, (int)w.Elements).Select(_ => w.Initial == InitialValue.One ? 1 : scale * (random.NextSingle() - 0.5f)).ToArray(), w.Shape);
        }));
        return path;
    }
}
