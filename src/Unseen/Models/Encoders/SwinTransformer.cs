using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>
/// Swin (Liu et al., ICCV 2021): attention inside of windows that are shifted in every other block, stages that halve the grid. Grids that
/// windows or halving do not divide are padded with zeros at the bottom and the right. Stochastic depth leaves out attention and perceptron.
/// </summary>
internal sealed class SwinTransformer : IVisionEncoder
{
    private readonly SwinOptions options;
    private readonly WeightSet weights;
    private readonly SwinWindows windows;

    private SwinTransformer(SwinOptions options, WeightSet weights) =>
        (this.options, this.weights, windows) = (options, weights, new SwinWindows(options.Window));

    /// <summary>An untrained model; random numbers come from torch's global generator.</summary>
    public SwinTransformer(SwinOptions options) : this(options, WeightSet.Untrained(options.Layout())) { }

    /// <summary>Copies of weights held by name.</summary>
    public SwinTransformer(SwinOptions options, IReadOnlyDictionary<string, Tensor> state)
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
    public static (SwinTransformer Model, WeightReport Report) Load(string path, SwinOptions options)
    {
        var (weights, report) = WeightSet.FromFile(options.Layout(), path, "this Swin");
        return (new(options, weights), report);
    }

    /// <inheritdoc/>
    public int Blocks => (int)options.Depths.Sum();

    /// <inheritdoc/>
    public int SpecialTokens => 0;

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
        return Run(Embed(pixels, training), 0, blocks, training).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool BelongsToBegin(string parameter, int blocks) =>
        parameter.StartsWith("swin.embeddings.", StringComparison.Ordinal) || Places().Take(blocks).Any(place =>
            parameter.StartsWith($"swin.encoder.layers.{place.Stage}.blocks.{place.Index}.", StringComparison.Ordinal)
            || (place.Index == 0 && parameter.StartsWith($"swin.encoder.layers.{place.Stage - 1}.downsample.", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public Tensor Finish(Tensor state, int blocks, bool training = false)
    {
        using var scope = NewDisposeScope();
        var x = Run(state, blocks, Blocks, training);
        return weights.LayerNorm(x.flatten(1, 2), "swin.layernorm", options.LayerNormEpsilon).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Global(Tensor tokens)
    {
        Shape.Require(tokens, nameof(tokens), -1, -1, options.Hidden);
        return tokens.mean([1]);
    }

    /// <summary>Scores of the head's classes [batch, classes].</summary>
    /// <param name="tokens">[batch, tokens, hidden], as <see cref="Tokens"/> makes them.</param>
    public Tensor Logits(Tensor tokens)
    {
        if (options.Classes == 0) throw new InvalidOperationException("This Swin has no classification head.");
        return weights.Linear(Global(tokens), "classifier");
    }

    /// <summary>Patches as tokens [batch, rows, columns, width].</summary>
    /// <param name="pixels">[batch, channels, height, width], multiples of the patch size.</param>
    /// <param name="training">Drops at random.</param>
    internal Tensor Embed(Tensor pixels, bool training = false)
    {
        Shape.Require(pixels, nameof(pixels), -1, options.Channels, -1, -1);
        var (height, width) = (pixels.shape[2], pixels.shape[3]);
        if (height < 1 || width < 1 || height % options.PatchSize != 0 || width % options.PatchSize != 0)
            throw new ShapeException($"Pictures must be multiples of {options.PatchSize} pixels high and wide, found {height} x {width}.");
        var patches = weights.Patches(pixels, "swin.embeddings.patch_embeddings.projection").permute(0, 2, 3, 1);
        return Drop(weights.LayerNorm(patches, "swin.embeddings.norm", options.LayerNormEpsilon), training);
    }

    /// <summary>One block.</summary>
    /// <param name="stage">Stage, from 0.</param>
    /// <param name="index">Block of the stage, from 0; every other one shifts its windows.</param>
    /// <param name="x">[batch, rows, columns, width].</param>
    /// <param name="training">Drops at random.</param>
    internal Tensor Block(int stage, long index, Tensor x, bool training = false)
    {
        var block = $"swin.encoder.layers.{stage}.blocks.{index}.";
        var rate = training ? PathRate(stage, index) : 0;
        var normed = weights.LayerNorm(x, block + "layernorm_before", options.LayerNormEpsilon);
        x = x + DropPath(Drop(Attend(stage, index, block, normed, training), training), rate);
        normed = weights.LayerNorm(x, block + "layernorm_after", options.LayerNormEpsilon);
        var wide = options.Activation.Apply(weights.Linear(normed, block + "intermediate.dense"));
        return x + DropPath(Drop(weights.Linear(wide, block + "output.dense"), training), rate);
    }

    /// <summary>Joins the tokens of each 2 x 2 square [batch, rows / 2, columns / 2, 2·width], sizes rounded up.</summary>
    /// <param name="stage">Stage that ends, from 0.</param>
    /// <param name="x">[batch, rows, columns, width].</param>
    internal Tensor Merge(int stage, Tensor x)
    {
        x = SwinWindows.Pad(x, x.shape[1] % 2, x.shape[2] % 2);
        var (top, bottom) = (Every(x, 1, 0), Every(x, 1, 1));
        var joined = cat([Every(top, 2, 0), Every(bottom, 2, 0), Every(top, 2, 1), Every(bottom, 2, 1)], 3);
        var layer = $"swin.encoder.layers.{stage}.downsample.";
        return weights.Linear(weights.LayerNorm(joined, layer + "norm", options.LayerNormEpsilon), layer + "reduction");
    }

    /// <inheritdoc/>
    public void Dispose() => weights.Dispose();

    /// <summary>Some blocks, one after the other; the first of a stage begins by joining the tokens of the stage before.</summary>
    private Tensor Run(Tensor x, int from, int to, bool training)
    {
        foreach (var (stage, index) in Places().Skip(from).Take(to - from))
        {
            if (stage > 0 && index == 0) x = Merge(stage - 1, x);
            x = Block(stage, index, x, training);
        }
        return x;
    }

    private IEnumerable<(int Stage, long Index)> Places() =>
        options.Depths.SelectMany((depth, stage) => Enumerable.Range(0, (int)depth).Select(index => (stage, (long)index)));

    private Tensor Attend(int stage, long index, string block, Tensor x, bool training)
    {
        var (rows, columns) = (x.shape[1], x.shape[2]);
        var shift = index % 2 == 1 && Math.Min(rows, columns) > options.Window ? options.Window / 2 : 0;
        var (cut, grid) = windows.Cut(x, shift);                                                    // [batch·windows, window², width]
        var bias = windows.Bias(weights[block + "attention.self.relative_position_bias_table"], grid, x.shape[0], shift);
        var attended = MultiHead.Attend(
            weights.Linear(cut, block + "attention.self.query"), weights.Linear(cut, block + "attention.self.key"),
            weights.Linear(cut, block + "attention.self.value"), options.Heads[stage], bias, training ? options.AttentionDropout : 0);
        return windows.Join(weights.Linear(attended, block + "attention.output.dense"), grid, shift)
            .narrow(1, 0, rows).narrow(2, 0, columns);
    }

    private double PathRate(int stage, long index)
    {
        var (before, all) = (options.Depths.Take(stage).Sum() + index, options.Depths.Sum());
        return all > 1 ? options.DropPath * before / (all - 1) : 0;
    }

    /// <summary>Leaves out whole pictures and scales the others, so that the mean stays.</summary>
    private static Tensor DropPath(Tensor x, double rate) =>
        rate > 0 ? x * (rand(x.shape[0], 1, 1, 1) >= rate).to(x.dtype) / (1 - rate) : x;

    private static Tensor Every(Tensor x, int axis, long first) =>
        x.slice(axis, first, x.shape[axis], 2);

    private Tensor Drop(Tensor x, bool training) =>
        training && options.Dropout > 0 ? nn.functional.dropout(x, options.Dropout) : x;
}
