using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

/// <summary>
/// A straightforward port of CVsC as published: region features [batch, visual, regions], one contraction per formula, the
/// attribute-related features and their permuted copies built in full. The oracle of our fused model and its opponent in speed.
/// </summary>
public sealed class StraightforwardCvsc(Tensor vectors, Tensor attentionWeight, Tensor scoreWeight, Tensor classAttributes, long[] unseen)
{
    public Parameter Vectors { get; } = new(vectors.detach().clone());

    public Parameter AttentionWeight { get; } = new(attentionWeight.detach().clone());

    public Parameter ScoreWeight { get; } = new(scoreWeight.detach().clone());

    public IEnumerable<Parameter> Parameters => [Vectors, AttentionWeight, ScoreWeight];

    private readonly Tensor semantics = nn.functional.normalize(classAttributes, dim: 1);
    private readonly Tensor margin = zeros(classAttributes.shape[0]).index_fill_(0, tensor(unseen), 2.0);

    /// <summary>The orders in which the batch, the attributes and the visual axis of F are taken.</summary>
    public sealed record Permutations(Tensor Batch, Tensor Attributes, Tensor Visual);

    public sealed record Result(Tensor Predicted, Tensor Counterfactual, Tensor Scores, Tensor CounterfactualScores);

    public Result Forward(Tensor features, Permutations orders)
    {
        var f = nn.functional.normalize(features, dim: 1);                         // [batch, visual, regions]
        var v = nn.functional.normalize(Vectors, dim: 1);
        var a = einsum("iv,vf,bfr->bir", v, AttentionWeight, f);                   // [batch, attributes, regions]
        var attention = a.softmax(-1);
        _ = (-a).softmax(-1);
        var fa = einsum("bir,bfr->bif", attention, f);                             // [batch, attributes, visual]
        var s = einsum("iv,vf,bif->bi", v, ScoreWeight, fa);
        var changed = fa.index_select(0, orders.Batch).index_select(1, orders.Attributes).index_select(2, orders.Visual);
        var without = einsum("iv,vf,bif->bi", v, ScoreWeight, changed);
        return new Result(s, without, ClassScores(s), ClassScores(without));
    }

    private Tensor ClassScores(Tensor s) => einsum("ki,bi->bik", semantics, s).sum(1);

    /// <summary>The authors' losses: CE 3, calibration 0.4, CCL 0.5, SCI 2, TCI 2.</summary>
    public Dictionary<string, Tensor> Losses(Result r, Tensor labels)
    {
        var target = classAttributes.index_select(0, labels);
        var g = BatchNorm(target);
        var both = cat([r.Predicted, r.Counterfactual], 0);
        var s = BatchNorm(both)[TensorIndex.Slice(0, labels.shape[0])];
        var without = BatchNorm(both)[TensorIndex.Slice(labels.shape[0])];
        var d = g - s;
        var (below, above) = ((d < 0).to(float32), (d > 0).to(float32));
        return new Dictionary<string, Tensor>
        {
            ["ce"] = nn.functional.cross_entropy(r.Scores, labels),
            ["cal"] = -((r.Scores + margin).softmax(1).index_select(1, tensor(unseen)).sum(1).mean().log()),
            ["ccl"] = (d.pow(2) * below).sum() / (below.sum() + 1) + (d.pow(2) * above).sum() / (above.sum() + 1)
                + (target.var() - r.Predicted.var()).abs(),
            ["sci"] = (g - s + without).abs().mean(),
            ["tci"] = nn.functional.cross_entropy(r.Scores - r.CounterfactualScores, labels),
        };
    }

    public static Tensor Total(Dictionary<string, Tensor> losses) =>
        3 * losses["ce"] + 0.4 * losses["cal"] + 0.5 * losses["ccl"] + 2 * losses["sci"] + 2 * losses["tci"];

    /// <summary>A single row has no batch statistics: the authors leave it as it is.</summary>
    private static Tensor BatchNorm(Tensor x)
    {
        if (x.shape[0] == 1) return x;
        using var layer = nn.BatchNorm1d(x.shape[1]);
        layer.train();
        return layer.call(x);
    }
}
