namespace Unseen.Models.Encoders;

/// <summary>Sizes of BERT (Devlin et al., NAACL 2019). The defaults are those of bert-base-uncased.</summary>
internal sealed record BertOptions : IValidatedOptions
{
    /// <summary>Tokens of the vocabulary.</summary>
    public long Vocabulary { get; init; } = 30522;

    /// <summary>Width of a token.</summary>
    public long Hidden { get; init; } = 768;

    /// <summary>Blocks.</summary>
    public long Layers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public long Heads { get; init; } = 12;

    /// <summary>Width between the two layers of a block's perceptron.</summary>
    public long FeedForward { get; init; } = 3072;

    /// <summary>Most tokens of a text.</summary>
    public long Positions { get; init; } = 512;

    /// <summary>Kinds of segments.</summary>
    public long TokenTypes { get; init; } = 2;

    /// <summary>With the pooler: a layer on the first token.</summary>
    public bool Pooler { get; init; } = true;

    /// <summary>With the weights of the head that predicts masked tokens, so that a file that has them is known whole; nothing is computed with them.</summary>
    public bool MaskedLanguageHead { get; init; }

    /// <summary>Form of GELU.</summary>
    public Gelu Activation { get; init; } = Gelu.Exact;

    /// <summary>Added to the variance in layer norm. Published: 1e-12.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-12;

    /// <summary>Share of the activations dropped in training. Published: 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Share of the attention dropped in training. Published: 0.1.</summary>
    public double AttentionDropout { get; init; } = 0.1;

    internal const string Prefix = "bert.";

    /// <inheritdoc/>
    public IEnumerable<string> Validate() => SizeRules.Blocks(Layers, "layers").Concat(SizeRules.Check(
        (Vocabulary, "vocabulary"), (Hidden, "hidden"), (Heads, "heads"), (FeedForward, "feedForward"), (Positions, "positions"),
        (TokenTypes, "tokenTypes"))).Concat(SizeRules.Divides(Heads, "heads", Hidden, "hidden"));

    /// <summary>Names and shapes of the weights.</summary>
    public WeightLayout Layout()
    {
        SizeRules.Require(this);
        var layout = new WeightLayout(Prefix) { UnusedPrefixes = ["cls.", "bert.pooler."], UnusedSuffixes = ["embeddings.position_ids"] };
        layout.Add("bert.embeddings.word_embeddings.weight", InitialValue.Normal, Vocabulary, Hidden);
        layout.Add("bert.embeddings.position_embeddings.weight", InitialValue.Normal, Positions, Hidden);
        layout.Add("bert.embeddings.token_type_embeddings.weight", InitialValue.Normal, TokenTypes, Hidden);
        layout.LayerNorm("bert.embeddings.LayerNorm", Hidden);
        for (var i = 0L; i < Layers; i++) AddBlock(layout, $"bert.encoder.layer.{i}.");
        if (Pooler) layout.Linear("bert.pooler.dense", Hidden, Hidden);
        if (MaskedLanguageHead) AddHead(layout);
        return layout;
    }

    private void AddBlock(WeightLayout layout, string block)
    {
        foreach (var part in new[] { "query", "key", "value" }) layout.Linear($"{block}attention.self.{part}", Hidden, Hidden);
        layout.Linear(block + "attention.output.dense", Hidden, Hidden);
        layout.LayerNorm(block + "attention.output.LayerNorm", Hidden);
        layout.Linear(block + "intermediate.dense", Hidden, FeedForward);
        layout.Linear(block + "output.dense", FeedForward, Hidden);
        layout.LayerNorm(block + "output.LayerNorm", Hidden);
    }

    private void AddHead(WeightLayout layout)
    {
        layout.Linear("cls.predictions.transform.dense", Hidden, Hidden);
        layout.LayerNorm("cls.predictions.transform.LayerNorm", Hidden);
        layout.Add("cls.predictions.bias", InitialValue.Zero, Vocabulary);
    }
}
