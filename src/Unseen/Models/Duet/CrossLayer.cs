using Unseen.Models.Encoders;
using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>
/// A cross layer as in LXMERT (Tan and Bansal, EMNLP 2019): attention from each side to the other with one set of weights, then attention of each
/// side to itself and a perceptron, each with residual and layer norm. Both sides read the inputs of the layer, so either can be computed alone.
/// </summary>
internal sealed class CrossLayer(WeightSet weights, string name, long heads, double dropout)
{
    private const double Epsilon = 1e-12;

    /// <summary>Declares the weights, named as in LXMERT.</summary>
    public static void Declare(WeightLayout layout, string name, long hidden)
    {
        foreach (var attention in new[] { "visual_attention.att", "lang_self_att.self", "visn_self_att.self" })
            foreach (var part in new[] { "query", "key", "value" })
                layout.Linear($"{name}{attention}.{part}", hidden, hidden);
        foreach (var side in new[] { "lang", "visn" })
        {
            layout.Linear($"{name}{side}_inter.dense", hidden, 4 * hidden);
            AddOutput(layout, $"{name}{side}_output", 4 * hidden, hidden);
        }
        foreach (var output in new[] { "visual_attention", "lang_self_att", "visn_self_att" }) AddOutput(layout, $"{name}{output}.output", hidden, hidden);
    }

    /// <summary>Keys and values of the text for the attention from the vision side, [sentences, tokens, hidden] each.</summary>
    public (Tensor Keys, Tensor Values) TextKeys(Tensor text) => Keys(text, "visual_attention.att");

    /// <summary>The vision side.</summary>
    /// <param name="visual">Visual tokens [batch, visual, hidden].</param>
    /// <param name="text">Keys and values, of as many sentences as there are images, or of one for all.</param>
    /// <param name="padding">Added to the attention scores where the text is padding, or null.</param>
    /// <param name="training">Drops at random.</param>
    /// <returns>[batch, visual, hidden].</returns>
    public Tensor Vision(Tensor visual, (Tensor Keys, Tensor Values) text, Tensor? padding, bool training)
    {
        var shared = text.Keys.shape[0] == 1;                                       // one sentence: all images are queries to it
        var queries = shared ? visual.reshape(1, -1, visual.shape[2]) : visual;
        var attended = Attend(queries, text.Keys, text.Values, "visual_attention.att", padding, training).reshape(visual.shape);
        var x = Output(attended, visual, "visual_attention.output", training);
        return SelfAndPerceptron(x, x, null, "visn", training);
    }

    /// <summary>The language side, of all tokens or of some places.</summary>
    /// <param name="text">Hidden states of the sentences [batch, tokens, hidden].</param>
    /// <param name="visual">Visual tokens [batch, visual, hidden].</param>
    /// <param name="places">Places to compute [batch, places], int64; null for all. The cost of other places is that of two products.</param>
    /// <param name="padding">Added to the attention scores where the text is padding, or null.</param>
    /// <param name="training">Drops at random.</param>
    /// <returns>[batch, places or tokens, hidden].</returns>
    public Tensor Language(Tensor text, Tensor visual, Tensor? places, Tensor? padding, bool training)
    {
        var x = visual.shape[1] == 1
            ? OfSingleKey(text, visual, training)
            : Output(Attend(text, visual, "visual_attention.att", training), text, "visual_attention.output", training);
        var queries = places is null ? x : x.gather(1, places.unsqueeze(2).expand(-1, -1, x.shape[2]));
        return SelfAndPerceptron(queries, x, padding, "lang", training);
    }

    /// <summary>
    /// Attention to a single key is 1 whatever the query. Dropout leaves each head of each token in or out; so the heads are projected once per image
    /// and added up per token, which is the same sum as projecting every token.
    /// </summary>
    private Tensor OfSingleKey(Tensor text, Tensor visual, bool training)
    {
        const string output = "visual_attention.output";
        var value = Linear(visual, "visual_attention.att.value");                   // [batch, 1, hidden]
        if (!training || dropout == 0) return Output(value, text, output, training);
        var weight = weights[$"{name}{output}.dense.weight"];
        var heard = stack([.. value.view(text.shape[0], heads, -1).unbind(1).Zip(weight.view(weight.shape[0], heads, -1).unbind(1))
            .Select(head => weights.Product(head.First, head.Second, null))], dim: 1);                                  // [batch, heads, hidden]
        var kept = nn.functional.dropout(ones(text.shape[0], heads, text.shape[1], device: text.device), dropout);      // [batch, heads, tokens]
        return Add(kept.transpose(1, 2).bmm(heard) + weights[$"{name}{output}.dense.bias"], text, output, training);
    }

    private Tensor SelfAndPerceptron(Tensor queries, Tensor all, Tensor? padding, string side, bool training)
    {
        var (keys, values) = Keys(all, $"{side}_self_att.self");
        var attended = Attend(queries, keys, values, $"{side}_self_att.self", padding, training);
        var x = Output(attended, queries, $"{side}_self_att.output", training);
        var wide = Gelu.Exact.Apply(Linear(x, $"{side}_inter.dense"));
        return Output(wide, x, $"{side}_output", training);
    }

    private Tensor Attend(Tensor queries, Tensor other, string attention, bool training)
    {
        var (keys, values) = Keys(other, attention);
        return Attend(queries, keys, values, attention, null, training);
    }

    private Tensor Attend(Tensor queries, Tensor keys, Tensor values, string attention, Tensor? padding, bool training) =>
        MultiHead.Attend(Linear(queries, attention + ".query"), keys, values, heads, padding, training ? dropout : 0);

    private (Tensor Keys, Tensor Values) Keys(Tensor x, string attention) => (Linear(x, attention + ".key"), Linear(x, attention + ".value"));

    private Tensor Output(Tensor x, Tensor residual, string output, bool training) => Add(Linear(x, output + ".dense"), residual, output, training);

    private Tensor Add(Tensor projected, Tensor residual, string output, bool training)
    {
        if (training && dropout > 0) projected = nn.functional.dropout(projected, dropout);
        return weights.LayerNorm(projected + residual, $"{name}{output}.LayerNorm", Epsilon);
    }

    private Tensor Linear(Tensor x, string layer) => weights.Linear(x, name + layer);

    private static void AddOutput(WeightLayout layout, string output, long inputs, long hidden)
    {
        layout.Linear(output + ".dense", inputs, hidden);
        layout.LayerNorm(output + ".LayerNorm", hidden);
    }
}
