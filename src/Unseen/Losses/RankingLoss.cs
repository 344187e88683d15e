using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Losses that rank the right class above the others by a margin. With the violations v_c = [Δ + F_c - F_y]₊ of the wrong classes, DeViSE
/// sums them, SJE takes the worst, ALE weights their mean by the rank of the right class.
/// </summary>
public static class RankingLoss
{
    /// <summary>DeViSE (Frome et al., NIPS 2013): mean over images of Σ_c v_c.</summary>
    /// <param name="scores">Compatibilities F [batch, classes].</param>
    /// <param name="labels">Columns of the right classes [batch], int64.</param>
    /// <param name="margin">Δ.</param>
    public static Tensor Sum(Tensor scores, Tensor labels, double margin) => Violations(scores, labels, margin).sum(1).mean();

    /// <summary>SJE (Akata et al., CVPR 2015): mean over images of max_c v_c, the structured SVM.</summary>
    /// <param name="scores">Compatibilities F [batch, classes].</param>
    /// <param name="labels">Columns of the right classes [batch], int64.</param>
    /// <param name="margin">Δ.</param>
    public static Tensor Worst(Tensor scores, Tensor labels, double margin) => Violations(scores, labels, margin).amax([1]).mean();

    /// <summary>
    /// ALE (Akata et al., TPAMI 2016): mean over images of (β_r / r) Σ_c v_c, with r the number of violating classes and
    /// β_r = 1 + 1/2 + ... + 1/r, the weighted approximate ranking of WSABIE. The weight is a constant of the step.
    /// </summary>
    /// <param name="scores">Compatibilities F [batch, classes].</param>
    /// <param name="labels">Columns of the right classes [batch], int64.</param>
    /// <param name="margin">Δ.</param>
    public static Tensor Ranked(Tensor scores, Tensor labels, double margin)
    {
        var violations = Violations(scores, labels, margin);                                  // [batch, classes]
        var rank = violations.detach().gt(0).sum(1);                                          // [batch]
        var harmonic = cat([zeros(1), arange(1, scores.shape[1] + 1, float32).reciprocal().cumsum(0)]).to(scores.dtype);
        var weight = harmonic.index_select(0, rank) / rank.clamp_min(1);                      // [batch]
        return (weight * violations.sum(1)).mean();
    }

    /// <summary>[Δ + F_c - F_y]₊ [batch, classes], 0 for the right class.</summary>
    private static Tensor Violations(Tensor scores, Tensor labels, double margin)
    {
        Shape.Require(scores, nameof(scores), -1, -1);
        Shape.Require(labels, nameof(labels), scores.shape[0]);
        var right = labels.unsqueeze(1);                                                      // [batch, 1]
        var wrong = arange(scores.shape[1], int64).unsqueeze(0).ne(right).to(scores.dtype);
        return (scores - scores.gather(1, right) + margin).relu() * wrong;
    }
}
