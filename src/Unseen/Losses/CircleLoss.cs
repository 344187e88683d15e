using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Circle loss (Sun et al., CVPR 2020): pairs of a class should be similar, s_p above 1 - m, pairs of different classes dissimilar, s_n below
/// m, and each pair pulls the harder the further it is from there. The loss of an image without such pairs is 0; the mean is over the
/// images whose loss is not.
/// </summary>
public static class CircleLoss
{
    /// <summary>
    /// As pytorch-metric-learning has it: softplus(LSE_p(-γ α_p (s_p - 1 + m)) + LSE_n(γ α_n (s_n - m))) with the constant weights
    /// α_p = (1 + m - s_p)₊ and α_n = (s_n + m)₊.
    /// </summary>
    /// <param name="similarity">Cosines of all pairs [batch, batch].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="margin">m.</param>
    /// <param name="scale">γ.</param>
    public static Tensor Pml(Tensor similarity, Tensor labels, double margin, double scale)
    {
        var value = similarity.detach();
        var pull = (1 + margin - value).relu() * (similarity - (1 - margin)) * -scale;
        var push = (value + margin).relu() * (similarity - margin) * scale;
        return Reduce(pull, push, similarity, labels);
    }

    /// <summary>Eq. 1 of MLIS, unweighted, per image (inferred): log(1 + Σ_n exp(γ(s_n + m)) Σ_p exp(-γ s_p)).</summary>
    /// <param name="similarity">Cosines of all pairs [batch, batch].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="margin">m.</param>
    /// <param name="scale">γ.</param>
    public static Tensor Paper(Tensor similarity, Tensor labels, double margin, double scale) =>
        Reduce(-scale * similarity, scale * (similarity + margin), similarity, labels);

    private static Tensor Reduce(Tensor pull, Tensor push, Tensor similarity, Tensor labels)
    {
        var (positive, negative) = PairSimilarity.Pairs(similarity, labels);
        var losses = nn.functional.softplus(PairSimilarity.MaskedLogSumExp(pull, positive) + PairSimilarity.MaskedLogSumExp(push, negative));
        return losses.sum() / losses.detach().count_nonzero().clamp_min(1);
    }
}
