using Unseen.Models.Duet;
using Unseen.Models.Encoders;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>The cross layer against head-by-head loops, and its shortcuts against the long way.</summary>
public sealed class CrossLayerTests : IDisposable
{
    private const long Hidden = 12, Heads = 3;
    private const float Tolerance = 1e-5f;

    private readonly WeightSet weights;
    private readonly CrossLayer layer;

    public CrossLayerTests()
    {
        manual_seed(3);
        var layout = new WeightLayout("");
        CrossLayer.Declare(layout, "x.", Hidden);
        weights = WeightSet.Untrained(layout);
        using var constants = no_grad();
        foreach (var parameter in weights.Parameters.Values) parameter.copy_(randn_like(parameter) * 0.5);
        layer = new CrossLayer(weights, "x.", Heads, dropout: 0);
    }

    [Fact]
    public void BothSidesEqualTheLoops()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (visual, text) = (randn(2, 3, Hidden), randn(2, 5, Hidden));
        Close(SelfAndPerceptron(Attend(visual, text, "visual_attention.att", "visual_attention.output"), "visn"),
            layer.Vision(visual, layer.TextKeys(text), null, false));
        Close(SelfAndPerceptron(Attend(text, visual, "visual_attention.att", "visual_attention.output"), "lang"),
            layer.Language(text, visual, null, null, false));
    }

    /// <summary>Softmax over one key is 1 for any query: two equal visual tokens change nothing.</summary>
    [Fact]
    public void ASingleVisualTokenIsAttendedWhole()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (visual, text) = (randn(2, 1, Hidden), randn(2, 5, Hidden));
        Close(layer.Language(text, cat([visual, visual], 1), null, null, false), layer.Language(text, visual, null, null, false));
        Close(layer.Language(text, visual, null, null, false), new CrossLayer(weights, "x.", Heads, 1e-12).Language(text, visual, null, null, training: true));
    }

    /// <summary>With dropout every head of every token is kept or dropped: the same draws, values and gradients as attention the long way.</summary>
    [Fact]
    public void DropoutOfASingleKeyIsThatOfTheLongWay()
    {
        const double dropout = 0.5;
        using var scope = NewDisposeScope();
        var (visual, text, upstream) = (randn(4, 1, Hidden), randn(4, 7, Hidden), randn(4, 7, Hidden));
        Func<Tensor>[] ways =
        [
            () => new CrossLayer(weights, "x.", Heads, dropout).Language(text, visual, null, null, training: true),
            () => LanguageTheLongWay(text, visual, dropout),
        ];
        var outcomes = Array.ConvertAll(ways, way =>
        {
            manual_seed(11);
            foreach (var parameter in weights.Parameters.Values) parameter.grad = null;
            var output = way();
            (output * upstream).sum().backward();
            return (output, Gradients: weights.Parameters.ToDictionary(w => w.Key, w => w.Value.grad ?? zeros_like(w.Value)));
        });
        Close(outcomes[1].output, outcomes[0].output);
        foreach (var (name, gradient) in outcomes[1].Gradients) Close(gradient, outcomes[0].Gradients[name]);
        Assert.True((outcomes[0].output - layer.Language(text, visual, null, null, training: false)).abs().max().item<float>() > 0.1); // it does drop
    }

    private Tensor LanguageTheLongWay(Tensor text, Tensor visual, double dropout)
    {
        var x = Block(text, visual, "visual_attention.att", "visual_attention.output");
        var y = Block(x, x, "lang_self_att.self", "lang_self_att.output");
        var wide = nn.functional.gelu(Linear(y, "lang_inter.dense"));
        return Normed(nn.functional.dropout(Linear(wide, "lang_output.dense"), dropout) + y, "lang_output");

        Tensor Block(Tensor from, Tensor to, string attention, string output)
        {
            var (q, k, v) = (Linear(from, attention + ".query"), Linear(to, attention + ".key"), Linear(to, attention + ".value"));
            return Normed(nn.functional.dropout(Linear(MultiHead.Attend(q, k, v, Heads, null, dropout), output + ".dense"), dropout) + from, output);
        }
    }

    [Fact]
    public void SomePlacesAreThoseOfAllPlaces()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (visual, text, places) = (randn(2, 1, Hidden), randn(2, 5, Hidden), tensor(new long[,] { { 4, 0 }, { 2, 2 } }));
        var all = layer.Language(text, visual, null, null, false);
        Close(all.gather(1, places.unsqueeze(2).expand(-1, -1, Hidden)), layer.Language(text, visual, places, null, false));
    }

    [Fact]
    public void OneSentenceForAllIsThatSentenceForEach()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (visual, text) = (randn(4, 2, Hidden), randn(1, 5, Hidden));
        Close(layer.Vision(visual, layer.TextKeys(text.expand(4, -1, -1)), null, false), layer.Vision(visual, layer.TextKeys(text), null, false));
    }

    [Fact]
    public void PaddingIsNotSeen()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (visual, text) = (randn(1, 1, Hidden), randn(1, 5, Hidden));
        var bias = BertEncoder.Bias(tensor(new long[,] { { 1, 1, 1, 0, 0 } }), [1, 5]);
        var cut = text.narrow(1, 0, 3);
        Close(layer.Vision(visual, layer.TextKeys(cut), null, false), layer.Vision(visual, layer.TextKeys(text), bias, false));
        Close(layer.Language(cut, visual, null, null, false), layer.Language(text, visual, null, bias, false).narrow(1, 0, 3));
    }

    private Tensor SelfAndPerceptron(Tensor x, string side)
    {
        var y = Attend(x, x, $"{side}_self_att.self", $"{side}_self_att.output");
        var wide = Linear(y, $"{side}_inter.dense");
        wide = 0.5 * wide * (1 + (wide / Math.Sqrt(2)).erf());
        return Normed(Linear(wide, $"{side}_output.dense") + y, $"{side}_output");
    }

    /// <summary>Attention head by head and query by query, then residual and norm.</summary>
    private Tensor Attend(Tensor from, Tensor to, string attention, string output)
    {
        var (q, k, v) = (Linear(from, attention + ".query"), Linear(to, attention + ".key"), Linear(to, attention + ".value"));
        var width = Hidden / Heads;
        var joined = zeros_like(q);
        for (var b = 0; b < from.shape[0]; b++)
            for (var h = 0; h < Heads; h++)
                for (var i = 0; i < from.shape[1]; i++)
                {
                    var scores = Enumerable.Range(0, (int)to.shape[1]).Select(j =>
                        Math.Exp((Head(q, b, i, h) * Head(k, b, j, h)).sum().item<float>() / Math.Sqrt(width))).ToArray();
                    var sum = zeros(width);
                    for (var j = 0; j < scores.Length; j++) sum += Head(v, b, j, h) * (scores[j] / scores.Sum());
                    Head(joined, b, i, h).copy_(sum);
                }
        return Normed(Linear(joined, output + ".dense") + from, output);
    }

    private static Tensor Head(Tensor x, int image, int token, int head) => x[image, token].narrow(0, head * (Hidden / Heads), Hidden / Heads);

    private Tensor Linear(Tensor x, string name) =>
        (x.unsqueeze(-2) * weights[$"x.{name}.weight"]).sum(-1) + weights[$"x.{name}.bias"];

    private Tensor Normed(Tensor x, string output)
    {
        var (mean, variance) = (x.mean([-1], true), x.var(-1, unbiased: false, keepdim: true));
        return (x - mean) / (variance + 1e-12).sqrt() * weights[$"x.{output}.LayerNorm.weight"] + weights[$"x.{output}.LayerNorm.bias"];
    }

    private static void Close(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        Assert.True((expected - found).abs().max().item<float>() < Tolerance * Math.Max(1, expected.abs().max().item<float>()));
    }

    public void Dispose() => weights.Dispose();
}
