using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>
/// A vision transformer with norms before attention and perceptron: ViT (Dosovitskiy et al., ICLR 2021, Eq. 1-4), or DeiT with its
/// distillation token (Touvron et al., ICML 2021). Pictures of another size than the position embeddings were made for are welcome: the
/// embeddings of the patches are interpolated (bicubic, as ViT's authors do when they fine-tune at a higher resolution).
/// </summary>
internal sealed class VisionTransformer : IVisionEncoder
{
    private readonly VisionTransformerOptions options;
    private readonly WeightSet weights;

    private VisionTransformer(VisionTransformerOptions options, WeightSet weights) => (this.options, this.weights) = (options, weights);

    /// <summary>An untrained model; random numbers come from torch's global generator.</summary>
    public VisionTransformer(VisionTransformerOptions options) : this(options, WeightSet.Untrained(options.Layout())) { }

    /// <summary>Copies of weights held by name.</summary>
    public VisionTransformer(VisionTransformerOptions options, IReadOnlyDictionary<string, Tensor> state)
        : this(options, WeightSet.FromState(options.Layout(), state)) { }

    /// <inheritdoc/>
    public long Width => options.Hidden;

    /// <inheritdoc/>
    public long Classes => options.Classes;

    /// <inheritdoc/>
    public Precision Precision { set => weights.Precision = value; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Parameter> Parameters => weights.Parameters;

    /// <summary>Loads a safetensors file.</summary>
    /// <exception cref="CheckpointMismatchException">The file does not fit; the message tells how.</exception>
    public static (VisionTransformer Model, WeightReport Report) Load(string path, VisionTransformerOptions options)
    {
        var (weights, report) = WeightSet.FromFile(options.Layout(), path, options.Distilled ? "this DeiT" : "this ViT");
        return (new(options, weights), report);
    }

    /// <inheritdoc/>
    public int Blocks => (int)options.Layers;

    /// <inheritdoc/>
    public int SpecialTokens => (int)options.SpecialTokens;

    /// <inheritdoc/>
    public Tensor Tokens(Tensor pixels, bool training = false)
    {
        using var scope = NewDisposeScope();
        return Finish(Begin(pixels, 0, training), 0, training).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Begin(Tensor pixels, int blocks, bool training = false)
    {
        using var scope = NewDisposeScope();
        var x = Embed(pixels, training);
        for (var i = 0L; i < blocks; i++) x = Block(i, x, training);
        return x.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool BelongsToBegin(string parameter, int blocks) =>
        parameter.StartsWith(options.Prefix + "embeddings.", StringComparison.Ordinal)
        || Enumerable.Range(0, blocks).Any(i => parameter.StartsWith($"{options.Prefix}encoder.layer.{i}.", StringComparison.Ordinal));

    /// <inheritdoc/>
    public Tensor Finish(Tensor state, int blocks, bool training = false)
    {
        using var scope = NewDisposeScope();
        var x = state;
        for (var i = (long)blocks; i < options.Layers; i++) x = Block(i, x, training);
        return weights.LayerNorm(x, options.Prefix + "layernorm", options.LayerNormEpsilon).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Global(Tensor tokens)
    {
        Shape.Require(tokens, nameof(tokens), -1, -1, options.Hidden);
        return tokens.select(1, 0);
    }

    /// <summary>
    /// Scores of the head's classes [batch, classes]; DeiT: the mean of the heads of class token and distillation token, as it predicts.
    /// </summary>
    /// <param name="tokens">[batch, tokens, hidden], as <see cref="Tokens"/> makes them.</param>
    public Tensor Logits(Tensor tokens)
    {
        Shape.Require(tokens, nameof(tokens), -1, -1, options.Hidden);
        if (options.Classes == 0) throw new InvalidOperationException("This vision transformer has no classification head.");
        if (!options.Distilled) return weights.Linear(tokens.select(1, 0), "classifier");
        return (weights.Linear(tokens.select(1, 0), "cls_classifier") + weights.Linear(tokens.select(1, 1), "distillation_classifier")) / 2;
    }

    /// <summary>Special tokens and patches with their positions [batch, tokens, hidden] (Eq. 1).</summary>
    /// <param name="pixels">[batch, channels, height, width], multiples of the patch size.</param>
    /// <param name="training">Drops at random.</param>
    internal Tensor Embed(Tensor pixels, bool training = false)
    {
        Shape.Require(pixels, nameof(pixels), -1, options.Channels, -1, -1);
        var (height, width) = (pixels.shape[2], pixels.shape[3]);
        if (height < 1 || width < 1 || height % options.PatchSize != 0 || width % options.PatchSize != 0)
            throw new ShapeException($"Pictures must be multiples of {options.PatchSize} pixels high and wide, found {height} x {width}.");
        var embeddings = options.Prefix + "embeddings.";
        var patches = weights.Patches(pixels, embeddings + "patch_embeddings.projection").flatten(2).transpose(1, 2);
        var special = options.Distilled
            ? cat([weights[embeddings + "cls_token"], weights[embeddings + "distillation_token"]], 1) : weights[embeddings + "cls_token"];
        var tokens = cat([special.expand(pixels.shape[0], -1, -1), patches], 1);                   // [batch, tokens, hidden]
        return Drop(tokens + Positions(height / options.PatchSize, width / options.PatchSize), training);
    }

    /// <summary>One block (Eq. 2-3).</summary>
    /// <param name="index">Block, from 0.</param>
    /// <param name="x">[batch, tokens, hidden].</param>
    /// <param name="training">Drops at random.</param>
    internal Tensor Block(long index, Tensor x, bool training = false)
    {
        var block = $"{options.Prefix}encoder.layer.{index}.";
        var normed = weights.LayerNorm(x, block + "layernorm_before", options.LayerNormEpsilon);
        var attended = MultiHead.Attend(
            weights.Linear(normed, block + "attention.attention.query"), weights.Linear(normed, block + "attention.attention.key"),
            weights.Linear(normed, block + "attention.attention.value"), options.Heads, null, training ? options.AttentionDropout : 0);
        x = x + Drop(weights.Linear(attended, block + "attention.output.dense"), training);
        normed = weights.LayerNorm(x, block + "layernorm_after", options.LayerNormEpsilon);
        var wide = options.Activation.Apply(weights.Linear(normed, block + "intermediate.dense")); // [batch, tokens, feedForward]
        return x + Drop(weights.Linear(wide, block + "output.dense"), training);
    }

    /// <inheritdoc/>
    public void Dispose() => weights.Dispose();

    private Tensor Positions(long rows, long columns)
    {
        var stored = weights[options.Prefix + "embeddings.position_embeddings"];                   // [1, special + grid², hidden]
        if (rows == options.Grid && columns == options.Grid) return stored;
        var special = stored.narrow(1, 0, options.SpecialTokens);
        var grid = stored.narrow(1, options.SpecialTokens, options.Grid * options.Grid)
            .reshape(1, options.Grid, options.Grid, options.Hidden).permute(0, 3, 1, 2);           // [1, hidden, grid, grid]
        var resized = nn.functional.interpolate(grid, [rows, columns], mode: InterpolationMode.Bicubic, align_corners: false);
        return cat([special, resized.flatten(2).transpose(1, 2)], 1);                              // [1, special + rows·columns, hidden]
    }

    private Tensor Drop(Tensor x, bool training) =>
        training && options.Dropout > 0 ? nn.functional.dropout(x, options.Dropout) : x;
}
