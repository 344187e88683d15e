using System.Globalization;

namespace Unseen.Models.Encoders;

/// <summary>Recognises an architecture and its sizes from names and shapes, which may be anything: the file is untrusted.</summary>
internal static class Architectures
{
    public sealed record Recognised(
        string? Architecture, IReadOnlyDictionary<string, string> Sizes, WeightLayout? Layout, string? Problem);

    public static Recognised Recognise(WeightShapes shapes)
    {
        if (shapes.PrefixOf("deit.", "embeddings.distillation_token") is { } deit) return Vision(shapes, deit, distilled: true);
        if (shapes.PrefixOf("vit.", "embeddings.cls_token") is { } vit) return Vision(shapes, vit, distilled: false);
        if (shapes.PrefixOf("swin.", "encoder.layers.0.blocks.0.attention.self.relative_position_bias_table") is { } swin) return Swin(shapes, swin);
        if (shapes.PrefixOf("bert.", "embeddings.token_type_embeddings.weight") is { } bert) return Bert(shapes, bert);
        if (shapes.Has("mobilenetv20_features_conv0_weight")) return new("MobileNetV2", Sizes(("hidden", 1280)), MobileNetV2.Layout(), null);
        return new(null, Sizes(), null, Unknown(shapes));
    }

    private static string Unknown(WeightShapes shapes) => shapes.Has("region_features") || shapes.Has("global_features")
        ? "The file is a feature store: it holds features of pictures, not the weights of a network."
        : "The names are those of none of these: ViT, DeiT, Swin, BERT (as Hugging Face publishes them), MobileNetV2 (as Gluon does). "
            + "Save the whole model with its published names.";

    private static Recognised Vision(WeightShapes shapes, string prefix, bool distilled)
    {
        var options = VisionSizes(shapes, prefix, distilled);
        return Checked(distilled ? "DeiT" : "ViT", options, options.Layout, Sizes(
            options.Hidden, ("imageSize", options.ImageSize), ("patchSize", options.PatchSize), ("channels", options.Channels),
            ("hidden", options.Hidden), ("layers", options.Layers), ("feedForward", options.FeedForward), ("classes", options.Classes)));
    }

    /// <summary>Sizes of a ViT or DeiT; heads are as wide as published.</summary>
    public static VisionTransformerOptions VisionSizes(WeightShapes shapes, string prefix, bool distilled)
    {
        var (patches, block) = (prefix + "embeddings.patch_embeddings.projection.weight", prefix + "encoder.layer.");
        var tokens = shapes.Axis(prefix + "embeddings.position_embeddings", 1) - (distilled ? 2 : 1);
        var hidden = shapes.Axis(patches, 0);
        var grid = (long)Math.Round(Math.Sqrt(Math.Max(tokens, 0)));
        var head = distilled ? "cls_classifier.weight" : "classifier.weight";
        return new VisionTransformerOptions
        {
            Distilled = distilled,
            PatchSize = shapes.Axis(patches, 3),
            ImageSize = Math.Min(grid, 1 << 24) * Math.Min(shapes.Axis(patches, 3), 1 << 24),
            Channels = shapes.Axis(patches, 1),
            Hidden = hidden,
            Heads = PublishedHeads.Of(hidden), // no shape depends on it
            Layers = shapes.Count(block),
            FeedForward = shapes.Axis(block + "0.intermediate.dense.weight", 0),
            Classes = shapes.Axis(head, 0),
        };
    }

    private static Recognised Swin(WeightShapes shapes, string prefix)
    {
        var options = SwinSizes(shapes, prefix);
        var sizes = Sizes(("patchSize", options.PatchSize), ("channels", options.Channels), ("embedding", options.Embedding), ("window", options.Window),
            ("feedForwardRatio", options.FeedForwardRatio), ("classes", options.Classes));
        sizes["depths"] = string.Join(' ', options.Depths);
        sizes["heads"] = string.Join(' ', options.Heads);
        return Checked("Swin", options, options.Layout, sizes);
    }

    /// <summary>Sizes of a Swin.</summary>
    public static SwinOptions SwinSizes(WeightShapes shapes, string prefix)
    {
        var patches = prefix + "embeddings.patch_embeddings.projection.weight";
        string Stage(int stage) => $"{prefix}encoder.layers.{stage}.blocks.";
        var stages = (int)Math.Min(9, shapes.Count(prefix + "encoder.layers.")); // nine are refused
        var table = Stage(0) + "0.attention.self.relative_position_bias_table";
        var embedding = shapes.Axis(patches, 0);
        return new SwinOptions
        {
            PatchSize = shapes.Axis(patches, 3),
            Channels = shapes.Axis(patches, 1),
            Embedding = embedding,
            Depths = [.. Enumerable.Range(0, stages).Select(s => shapes.Count(Stage(s)))],
            Heads = [.. Enumerable.Range(0, stages).Select(s => shapes.Axis(Stage(s) + "0.attention.self.relative_position_bias_table", 1))],
            Window = ((long)Math.Round(Math.Sqrt(shapes.Axis(table, 0))) + 1) / 2,
            FeedForwardRatio = embedding > 0 ? shapes.Axis(Stage(0) + "0.intermediate.dense.weight", 0) / embedding : 0,
            Classes = shapes.Axis("classifier.weight", 0),
        };
    }

    /// <summary>Sizes of a BERT; heads are as wide as published.</summary>
    public static BertOptions BertSizes(WeightShapes shapes, string prefix)
    {
        var words = prefix + "embeddings.word_embeddings.weight";
        var block = prefix + "encoder.layer.";
        var hidden = shapes.Axis(words, 1);
        return new BertOptions
        {
            Vocabulary = shapes.Axis(words, 0),
            Hidden = hidden,
            Heads = PublishedHeads.Of(hidden), // no shape depends on it
            Layers = shapes.Count(block),
            FeedForward = shapes.Axis(block + "0.intermediate.dense.weight", 0),
            Positions = shapes.Axis(prefix + "embeddings.position_embeddings.weight", 0),
            TokenTypes = shapes.Axis(prefix + "embeddings.token_type_embeddings.weight", 0),
            Pooler = shapes.Has(prefix + "pooler.dense.weight"),
            MaskedLanguageHead = shapes.Has("cls.predictions.transform.dense.weight"),
        };
    }

    private static Recognised Bert(WeightShapes shapes, string prefix)
    {
        var options = BertSizes(shapes, prefix);
        var hidden = options.Hidden;
        var recognised = Checked("BERT", options, options.Layout, Sizes(
            hidden, ("vocabulary", options.Vocabulary), ("hidden", hidden), ("layers", options.Layers),
            ("feedForward", options.FeedForward), ("positions", options.Positions), ("tokenTypes", options.TokenTypes)));
        return options is { Positions: 514, TokenTypes: 1 }
            ? recognised with { Problem = "514 positions and one segment are the sizes of RoBERTa, which counts positions in another way: it is no BERT." }
            : recognised;
    }

    /// <summary>Sizes that no network can have are a problem of the file, not of the command.</summary>
    private static Recognised Checked(
        string architecture, IValidatedOptions options, Func<WeightLayout> layout, IReadOnlyDictionary<string, string> sizes)
    {
        var errors = options.Validate().ToList();
        return errors.Count == 0
            ? new(architecture, sizes, layout(), null)
            : new(architecture, sizes, null, "The shapes are those of no such network: " + string.Join(' ', errors));
    }

    /// <summary>Sizes with the number of heads, of which no shape tells.</summary>
    private static Dictionary<string, string> Sizes(long hidden, params (string Name, long Value)[] sizes)
    {
        var result = Sizes(sizes);
        if (hidden > 0 && hidden % PublishedHeads.Width == 0)
            result["heads"] = $"{PublishedHeads.Of(hidden).ToString(CultureInfo.InvariantCulture)} (assumed: {PublishedHeads.Width} wide each)";
        return result;
    }

    private static Dictionary<string, string> Sizes(params (string Name, long Value)[] sizes) =>
        sizes.ToDictionary(s => s.Name, s => s.Value.ToString(CultureInfo.InvariantCulture));
}
