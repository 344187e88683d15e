using TorchSharp.Modules;
using Unseen.Models.Msdn;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

/// <summary>
/// A straightforward port of the attention family as published: region features [batch, visual, regions], one contraction per formula, the
/// attended features and region-wise attribute features built in full, class scores through [batch, attributes, classes]. The oracle of our
/// fused model and its opponent in speed. The maps that the authors compute for ablations only are left out.
/// </summary>
public sealed class StraightforwardMsdn(
    IReadOnlyDictionary<string, Tensor> state, Tensor classAttributes, long[] unseen, StraightforwardMsdn.Weights weights)
{
    /// <summary>Weights of the terms; what is false or 0 takes no part.</summary>
    public sealed record Weights(
        bool Gate, bool Mutual, double Calibration, double Distillation, double AttributeCausal, double VisualCausal, double Regression,
        bool Normalise = false)
    {
        /// <summary>The visual-to-attribute head of the text: regions are scored and given back by a softmax of a third map over the regions.</summary>
        public bool PaperHead { get; init; }

        /// <summary>The distance of the text, ‖d‖, in place of the code's.</summary>
        public bool Euclidean { get; init; }

        /// <summary>Self-calibration image by image, as in the papers.</summary>
        public bool CalibrationPerImage { get; init; }
    }

    private readonly Dictionary<string, Parameter> parameters = state.ToDictionary(s => s.Key, s => new Parameter(s.Value.detach().clone()));
    private readonly Tensor semantics = nn.functional.normalize(classAttributes, dim: 1);
    private readonly Tensor margin = full(classAttributes.shape[0], -1.0).index_fill_(0, tensor(unseen), 1.0);

    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>The vectors of a sub-net; MSDN++'s second has its own unless they are shared.</summary>
    private Tensor VectorsOf(string net)
    {
        var vectors = parameters.GetValueOrDefault($"{net}_attribute_vectors") ?? parameters["attribute_vectors"];
        return weights.Normalise ? nn.functional.normalize(vectors, dim: 1) : vectors;
    }

    public sealed record Net(Tensor Attention, Tensor Logits, Func<Tensor, Tensor> Predict, Tensor Predicted, Tensor Scores);

    /// <summary>Attributes look at regions; attention and map are [batch, attributes, regions].</summary>
    public Net AttributeNet(Tensor features)
    {
        var f = nn.functional.normalize(features, dim: 1);                                             // [batch, visual, regions]
        var v = VectorsOf("av");
        var s = einsum("iv,vf,bfr->bir", v, parameters["av_score_weight"], f);
        var a = einsum("iv,vf,bfr->bir", v, parameters["av_attention_weight"], f);
        var attention = a.softmax(-1);
        var fa = einsum("bir,bfr->bif", attention, f);                                                 // [batch, attributes, visual]
        var gateWeight = weights.Gate ? parameters["av_gate_weight"] : zeros_like(parameters["av_score_weight"]);
        var gate = einsum("iv,vf,bif->bi", v, gateWeight, fa).sigmoid();
        Tensor Predict(Tensor looking) => einsum("bir,bir->bi", looking, s);
        var predicted = Predict(attention);
        if (weights.Gate) predicted = predicted * gate;
        return new Net(attention, a, Predict, predicted, ClassScores(predicted));
    }

    /// <summary>Regions look at attributes; attention and map are [batch, regions, attributes].</summary>
    public Net VisualNet(Tensor features)
    {
        var f = nn.functional.normalize(features, dim: 1);
        var v = VectorsOf("va");
        var s = einsum("bfr,vf,iv->bri", f, parameters["va_score_weight"], v);
        var a = einsum("iv,vf,bfr->bri", v, parameters["va_attention_weight"], f);
        var attention = a.softmax(-1);
        _ = einsum("bri,iv->brv", attention, v);                                                       // visual-based attribute features
        var affinity = weights.PaperHead ? einsum("iv,vf,bfr->bri", v, parameters["va_affinity_weight"], f).softmax(1) : null;
        Tensor Predict(Tensor looking) => affinity is null
            ? einsum("bri,bri->bi", looking, s)
            : einsum("bri,br->bi", affinity, einsum("bri,bri->br", looking, s));
        var predicted = Predict(attention);
        return new Net(attention, a, Predict, predicted, ClassScores(predicted));
    }

    /// <summary>All terms by name; random numbers are drawn in the order and layout of our model.</summary>
    public Dictionary<string, (double Weight, Tensor Value)> Losses(Tensor features, Tensor labels, CounterfactualKind kind)
    {
        var terms = new Dictionary<string, (double, Tensor)>();
        var first = AttributeNet(features);
        Add(terms, "av", weights.AttributeCausal, features, first, labels, kind, net => net.permute(1, 0, 2), net => net.permute(1, 0, 2));
        if (!weights.Mutual) return terms;
        var second = VisualNet(features);
        Add(terms, "va", weights.VisualCausal, features, second, labels, kind, net => net.permute(2, 0, 1), net => net.permute(1, 2, 0));
        var d = (first.Scores + margin) - (second.Scores + margin);
        var length = d.norm(1, keepdim: true, p: 2.0f);
        var distance = weights.Euclidean ? length.squeeze(1) : (d.pow(2) / length * d.abs()).sum(1);
        terms["dis-distance"] = (weights.Distillation, distance.mean());
        var (p, q) = ((first.Scores + margin).softmax(1), (second.Scores + margin).softmax(1));
        var m = (p + q) / 2;
        terms["dis-js"] = (weights.Distillation, (0.5 * (Divergence(p, m) + Divergence(q, m))).mean());
        return terms;
    }

    public static Tensor Total(Dictionary<string, (double Weight, Tensor Value)> losses) =>
        losses.Values.Select(t => t.Weight * t.Value).Aggregate((a, b) => a + b);

    private void Add(Dictionary<string, (double, Tensor)> terms, string name, double causal, Tensor features, Net net, Tensor labels, CounterfactualKind kind,
        Func<Tensor, Tensor> attributesFirst, Func<Tensor, Tensor> back)
    {
        terms[$"ce-{name}"] = (1, nn.functional.cross_entropy(net.Scores, labels));
        var mass = (net.Scores + margin).softmax(1).index_select(1, tensor(unseen)).sum(1);
        terms[$"cal-{name}"] = (weights.Calibration, weights.CalibrationPerImage ? -mass.log().mean() : -mass.mean().log());
        if (weights.Regression > 0)
            terms[$"ar-{name}"] = (weights.Regression, (net.Predicted - semantics.index_select(0, labels)).pow(2).sum(1).mean());
        if (causal <= 0) return;
        var without = kind == CounterfactualKind.PermutedFeatures
            ? PermutedFeatures(features, attributesFirst(net.Attention), name)
            : net.Predict(Counterfactual(kind, net, attributesFirst, back));
        terms[$"cau-{name}"] = (causal, nn.functional.cross_entropy(net.Scores - ClassScores(without), labels));
    }

    /// <summary>The attended features [batch, attributes, visual] of either sub-net, permuted along all three axes and scored.</summary>
    private Tensor PermutedFeatures(Tensor features, Tensor attention, string net)
    {
        var f = nn.functional.normalize(features, dim: 1);                                             // [batch, visual, regions]
        var attended = einsum("ibr,bfr->bif", attention, f);
        var (images, attributes, axes) = (randperm(attended.shape[0]), randperm(attended.shape[1]).argsort(), randperm(attended.shape[2]).argsort());
        var permuted = attended.index_select(0, images).index_select(1, attributes).index_select(2, axes);
        return einsum("iv,vf,bif->bi", VectorsOf(net), parameters[$"{net}_score_weight"], permuted);
    }

    private static Tensor Counterfactual(CounterfactualKind kind, Net net, Func<Tensor, Tensor> attributesFirst, Func<Tensor, Tensor> back)
    {
        var (attention, choices) = (net.Attention, net.Attention.shape[2]);
        switch (kind)
        {
            case CounterfactualKind.Random:
                return back(rand(attributesFirst(attention).shape)) * 2 / choices;
            case CounterfactualKind.Uniform:
                return ones_like(attention) / choices;
            case CounterfactualKind.Shuffle:
                return attention.index_select(0, randperm(attention.shape[0]));
            case CounterfactualKind.ShuffleRegions:
                var images = randperm(attention.shape[0]);
                var order = randperm(attributesFirst(attention).shape[2]);
                return back(attributesFirst(attention.index_select(0, images)).index_select(2, order));
            case CounterfactualKind.Reversed:
                var rest = attention.max(-1, keepdim: true).values - attention;
                return rest / rest.sum(2).unsqueeze(2);
            default:
                return (-net.Logits).softmax(-1);
        }
    }

    private Tensor ClassScores(Tensor s) => einsum("ki,bi->bik", semantics, s).sum(1);

    private static Tensor Divergence(Tensor p, Tensor q) => (p * (p / q).log()).sum(1);
}
