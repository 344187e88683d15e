using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>
/// BERT (Devlin et al., NAACL 2019): token, position and segment embeddings, blocks with norms after attention and perceptron, and an optional
/// pooler. The head that predicts masked tokens is known by its names only. Not thread-safe; the creator disposes it.
/// </summary>
internal sealed class BertEncoder : IDisposable
{
    private readonly BertOptions options;
    private readonly WeightSet weights;

    private BertEncoder(BertOptions options, WeightSet weights) => (this.options, this.weights) = (options, weights);

    /// <summary>An untrained model; random numbers come from torch's global generator.</summary>
    public BertEncoder(BertOptions options) : this(options, WeightSet.Untrained(options.Layout())) { }

    /// <summary>Copies of weights held by name.</summary>
    public BertEncoder(BertOptions options, IReadOnlyDictionary<string, Tensor> state)
        : this(options, WeightSet.FromState(options.Layout(), state)) { }

    /// <summary>Width of a token.</summary>
    public long Width => options.Hidden;

    /// <summary>Attention heads.</summary>
    public long Heads => options.Heads;

    /// <summary>Format of the products of linear layers.</summary>
    public Precision Precision { set => weights.Precision = value; }

    /// <summary>All weights by published name.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => weights.Parameters;

    /// <summary>Loads a safetensors file.</summary>
    /// <exception cref="CheckpointMismatchException">The file does not fit; the message tells how.</exception>
    public static (BertEncoder Model, WeightReport Report) Load(string path, BertOptions options)
    {
        var (weights, report) = WeightSet.FromFile(options.Layout(), path, "this BERT");
        return (new(options, weights), report);
    }

    /// <summary>The last hidden states of a batch; gradients flow.</summary>
    /// <param name="tokens">Ids [batch, tokens], int64, 0 to vocabulary - 1.</param>
    /// <param name="mask">1 for a token, 0 for padding [batch, tokens], int64; null: no padding.</param>
    /// <param name="types">Segments [batch, tokens], int64; null: all 0.</param>
    /// <param name="training">Drops at random, from torch's global generator, where the options say so.</param>
    /// <returns>[batch, tokens, hidden].</returns>
    public Tensor Forward(Tensor tokens, Tensor? mask = null, Tensor? types = null, bool training = false)
    {
        using var scope = NewDisposeScope();
        var x = Embed(tokens, types, training);
        var bias = mask is null ? null : Bias(mask, tokens.shape);
        for (var i = 0L; i < options.Layers; i++) x = Block(i, x, bias, training);
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>The pooled first token [batch, hidden]: tanh of a layer.</summary>
    /// <param name="hidden">[batch, tokens, hidden].</param>
    public Tensor Pool(Tensor hidden)
    {
        Shape.Require(hidden, nameof(hidden), -1, -1, options.Hidden);
        if (!options.Pooler) throw new InvalidOperationException("This BERT has no pooler.");
        return weights.Linear(hidden.select(1, 0), "bert.pooler.dense").tanh();
    }

    /// <summary>Embeddings [batch, tokens, hidden].</summary>
    /// <param name="tokens">Ids [batch, tokens], int64.</param>
    /// <param name="types">Segments [batch, tokens], int64, or null.</param>
    /// <param name="training">Drops at random.</param>
    internal Tensor Embed(Tensor tokens, Tensor? types = null, bool training = false)
    {
        Shape.Require(tokens, nameof(tokens), -1, -1);
        var count = tokens.shape[1];
        if (count > options.Positions)
            throw new ShapeException(
                $"Texts have {count} tokens, this BERT takes at most {options.Positions}. Cut them off when they are encoded.");
        if (types is not null) Shape.Require(types, nameof(types), tokens.shape);
        var segments = types is null
            ? weights["bert.embeddings.token_type_embeddings.weight"].narrow(0, 0, 1)
            : Rows("bert.embeddings.token_type_embeddings.weight", types, nameof(types));
        var sum = Rows("bert.embeddings.word_embeddings.weight", tokens, nameof(tokens)) + segments
            + weights["bert.embeddings.position_embeddings.weight"].narrow(0, 0, count);
        return Drop(weights.LayerNorm(sum, "bert.embeddings.LayerNorm", options.LayerNormEpsilon), training);
    }

    /// <summary>One block.</summary>
    /// <param name="index">Block, from 0.</param>
    /// <param name="x">[batch, tokens, hidden].</param>
    /// <param name="bias">Added to the attention scores, from <see cref="Bias"/>; or null.</param>
    /// <param name="training">Drops at random.</param>
    internal Tensor Block(long index, Tensor x, Tensor? bias = null, bool training = false)
    {
        var block = $"bert.encoder.layer.{index}.";
        var attended = MultiHead.Attend(
            weights.Linear(x, block + "attention.self.query"), weights.Linear(x, block + "attention.self.key"),
            weights.Linear(x, block + "attention.self.value"), options.Heads, bias, training ? options.AttentionDropout : 0);
        var projected = Drop(weights.Linear(attended, block + "attention.output.dense"), training);
        x = weights.LayerNorm(x + projected, block + "attention.output.LayerNorm", options.LayerNormEpsilon);
        var wide = options.Activation.Apply(weights.Linear(x, block + "intermediate.dense"));      // [batch, tokens, feedForward]
        var narrow = Drop(weights.Linear(wide, block + "output.dense"), training);
        return weights.LayerNorm(x + narrow, block + "output.LayerNorm", options.LayerNormEpsilon);
    }

    /// <summary>
    /// The mask as a number to add to attention scores [batch, 1, 1, tokens]: 0 for tokens, the lowest float for padding. A text of padding
    /// alone attends evenly instead of becoming NaN.
    /// </summary>
    internal static Tensor Bias(Tensor mask, long[] shape)
    {
        Shape.Require(mask, nameof(mask), shape);
        return mask.eq(0).to(float32).mul(float.MinValue).unsqueeze(1).unsqueeze(1);
    }

    /// <inheritdoc/>
    public void Dispose() => weights.Dispose();

    /// <summary>Rows of a table by id [batch, tokens, hidden].</summary>
    private Tensor Rows(string table, Tensor ids, string name)
    {
        var rows = weights[table];
        if (ids.dtype != ScalarType.Int64) throw new ShapeException($"'{name}' must hold int64 numbers, found {ids.dtype}.");
        if (ids.numel() > 0 && (ids.min().item<long>() < 0 || ids.max().item<long>() >= rows.shape[0]))
            throw new ShapeException(
                $"'{name}' must be ids from 0 to {rows.shape[0] - 1}, found {ids.min().item<long>()} to {ids.max().item<long>()}. " +
                "Is the vocabulary that of the weights?");
        return rows.index_select(0, ids.reshape(-1)).view(ids.shape[0], ids.shape[1], -1);
    }

    private Tensor Drop(Tensor x, bool training) =>
        training && options.Dropout > 0 ? nn.functional.dropout(x, options.Dropout) : x;
}
