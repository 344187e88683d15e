namespace Unseen.Models.Encoders;

/// <summary>Sizes of Swin (Liu et al., ICCV 2021). The defaults are those of microsoft/swin-base-patch4-window7-224.</summary>
internal sealed record SwinOptions : IValidatedOptions
{
    /// <summary>Height and width of a patch, in pixels.</summary>
    public long PatchSize { get; init; } = 4;

    /// <summary>Channels of a picture.</summary>
    public long Channels { get; init; } = 3;

    /// <summary>Width of a token in the first stage; it doubles with every stage.</summary>
    public long Embedding { get; init; } = 128;

    /// <summary>Blocks of each stage.</summary>
    public IReadOnlyList<long> Depths { get; init; } = [2, 2, 18, 2];

    /// <summary>Attention heads of each stage.</summary>
    public IReadOnlyList<long> Heads { get; init; } = [4, 8, 16, 32];

    /// <summary>Height and width of an attention window, in tokens.</summary>
    public long Window { get; init; } = 7;

    /// <summary>Width between the two layers of a block's perceptron, in token widths.</summary>
    public long FeedForwardRatio { get; init; } = 4;

    /// <summary>Classes of the classification head; 0 for an encoder without one.</summary>
    public long Classes { get; init; } = 1000;

    /// <summary>Form of GELU.</summary>
    public Gelu Activation { get; init; } = Gelu.Exact;

    /// <summary>Added to the variance in layer norm. Published: 1e-5.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>Share of the activations dropped in training. Published: 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Share of the attention dropped in training. Published: 0.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>
    /// Share of pictures for which the last block is left out in training (stochastic depth); it grows linearly from 0 at the first block.
    /// Published configuration: 0.1.
    /// </summary>
    public double DropPath { get; init; } = 0.1;

    internal const string Prefix = "swin.";

    /// <summary>Width of a token in the last stage.</summary>
    public long Hidden => Width(Depths.Count - 1);

    internal long Width(int stage) => Embedding << stage;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Depths.Count != Heads.Count || Depths.Count is < 1 or > 8)
            return [$"depths and heads must have the same number of stages, 1 to 8, found {Depths.Count} and {Heads.Count}."];
        return SizeRules.Check(
            [(PatchSize, "patchSize"), (Channels, "channels"), (Embedding, "embedding"), (Window, "window"), (FeedForwardRatio, "feedForwardRatio"),
                .. Heads.Select(h => (h, "heads"))])
            .Concat(Depths.SelectMany(d => SizeRules.Blocks(d, "depths")))
            .Concat(Heads.SelectMany((heads, stage) => SizeRules.Divides(heads, "heads", Width(stage), "width")));
    }

    /// <summary>Names and shapes of the weights.</summary>
    public WeightLayout Layout()
    {
        SizeRules.Require(this);
        var layout = new WeightLayout(Prefix) { UnusedPrefixes = ["classifier."], UnusedSuffixes = [".relative_position_index"] };
        layout.Patches("swin.embeddings.patch_embeddings.projection", Channels, PatchSize, Embedding);
        layout.LayerNorm("swin.embeddings.norm", Embedding);
        for (var stage = 0; stage < Depths.Count; stage++)
        {
            for (var i = 0L; i < Depths[stage]; i++) AddBlock(layout, $"swin.encoder.layers.{stage}.blocks.{i}.", Width(stage), Heads[stage]);
            if (stage == Depths.Count - 1) continue;
            layout.LayerNorm($"swin.encoder.layers.{stage}.downsample.norm", 4 * Width(stage));
            layout.Linear($"swin.encoder.layers.{stage}.downsample.reduction", 4 * Width(stage), 2 * Width(stage), bias: false);
        }
        layout.LayerNorm("swin.layernorm", Hidden);
        if (Classes > 0) layout.Linear("classifier", Hidden, Classes);
        return layout;
    }

    private void AddBlock(WeightLayout layout, string block, long width, long heads)
    {
        layout.LayerNorm(block + "layernorm_before", width);
        layout.Add(block + "attention.self.relative_position_bias_table", InitialValue.Normal, (2 * Window - 1) * (2 * Window - 1), heads);
        foreach (var part in new[] { "query", "key", "value" }) layout.Linear($"{block}attention.self.{part}", width, width);
        layout.Linear(block + "attention.output.dense", width, width);
        layout.LayerNorm(block + "layernorm_after", width);
        layout.Linear(block + "intermediate.dense", width, FeedForwardRatio * width);
        layout.Linear(block + "output.dense", FeedForwardRatio * width, width);
    }
}
