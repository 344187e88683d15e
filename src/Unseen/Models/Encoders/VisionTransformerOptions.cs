namespace Unseen.Models.Encoders;

/// <summary>
/// Sizes of a vision transformer (Dosovitskiy et al., ICLR 2021) or, with a distillation token, of DeiT (Touvron et al., ICML 2021).
/// The defaults are those of google/vit-base-patch16-224.
/// </summary>
internal sealed record VisionTransformerOptions : IValidatedOptions
{
    /// <summary>Height and width of the pictures that the position embeddings were made for, in pixels.</summary>
    public long ImageSize { get; init; } = 224;

    /// <summary>Height and width of a patch, in pixels.</summary>
    public long PatchSize { get; init; } = 16;

    /// <summary>Channels of a picture.</summary>
    public long Channels { get; init; } = 3;

    /// <summary>Width of a token.</summary>
    public long Hidden { get; init; } = 768;

    /// <summary>Blocks.</summary>
    public long Layers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public long Heads { get; init; } = 12;

    /// <summary>Width between the two layers of a block's perceptron.</summary>
    public long FeedForward { get; init; } = 3072;

    /// <summary>Classes of the classification head; 0 for an encoder without one.</summary>
    public long Classes { get; init; } = 1000;

    /// <summary>A second special token with a head of its own: DeiT, weight names with the prefix 'deit.'.</summary>
    public bool Distilled { get; init; }

    /// <summary>Form of GELU.</summary>
    public Gelu Activation { get; init; } = Gelu.Exact;

    /// <summary>Added to the variance in layer norm. Published configurations of both families say 1e-12.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-12;

    /// <summary>Share of the activations dropped in training. Published: 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Share of the attention dropped in training. Published: 0.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Sizes of facebook/deit-base-distilled-patch16-224.</summary>
    public static VisionTransformerOptions DeitBaseDistilled { get; } = new() { Distilled = true };

    internal string Prefix => Distilled ? "deit." : "vit.";

    internal long SpecialTokens => Distilled ? 2 : 1;

    internal long Grid => ImageSize / PatchSize;

    /// <inheritdoc/>
    public IEnumerable<string> Validate() => SizeRules.Blocks(Layers, "layers").Concat(SizeRules.Check(
        (Channels, "channels"), (PatchSize, "patchSize"), (ImageSize, "imageSize"), (Hidden, "hidden"), (Heads, "heads"),
        (FeedForward, "feedForward")))
        .Concat(SizeRules.Divides(Heads, "heads", Hidden, "hidden")).Concat(SizeRules.Divides(PatchSize, "patchSize", ImageSize, "imageSize"));

    /// <summary>Names and shapes of the weights.</summary>
    public WeightLayout Layout()
    {
        SizeRules.Require(this);
        var layout = new WeightLayout(Prefix)
        {
            UnusedPrefixes = ["classifier.", "cls_classifier.", "distillation_classifier.", Prefix + "pooler."],
        };
        layout.Add(Prefix + "embeddings.cls_token", InitialValue.Normal, 1, 1, Hidden);
        if (Distilled) layout.Add(Prefix + "embeddings.distillation_token", InitialValue.Normal, 1, 1, Hidden);
        layout.Add(Prefix + "embeddings.position_embeddings", InitialValue.Normal, 1, SpecialTokens + (Grid * Grid), Hidden);
        layout.Patches(Prefix + "embeddings.patch_embeddings.projection", Channels, PatchSize, Hidden);
        for (var i = 0L; i < Layers; i++) AddBlock(layout, $"{Prefix}encoder.layer.{i}.");
        layout.LayerNorm(Prefix + "layernorm", Hidden);
        if (Classes > 0 && Distilled) layout.Linear("cls_classifier", Hidden, Classes);
        if (Classes > 0) layout.Linear(Distilled ? "distillation_classifier" : "classifier", Hidden, Classes);
        return layout;
    }

    private void AddBlock(WeightLayout layout, string block)
    {
        layout.LayerNorm(block + "layernorm_before", Hidden);
        foreach (var part in new[] { "query", "key", "value" }) layout.Linear($"{block}attention.attention.{part}", Hidden, Hidden);
        layout.Linear(block + "attention.output.dense", Hidden, Hidden);
        layout.LayerNorm(block + "layernorm_after", Hidden);
        layout.Linear(block + "intermediate.dense", Hidden, FeedForward);
        layout.Linear(block + "output.dense", FeedForward, Hidden);
    }
}
