using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Contrastive loss (Hadsell et al., CVPR 2006) on the Euclidean distance d = √(2 - 2s) of normalised embeddings, as pytorch-metric-learning
/// has it: mean of the non-zero (d_p - m_p)₊ plus mean of the non-zero (m_n - d_n)₊.
/// </summary>
public static class ContrastiveLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="similarity">Cosines of all pairs [batch, batch].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="positiveMargin">m_p, distance that pairs of a class may have.</param>
    /// <param name="negativeMargin">m_n, distance that pairs of different classes should have.</param>
    public static Tensor Compute(Tensor similarity, Tensor labels, double positiveMargin = 0, double negativeMargin = 1)
    {
        var (positive, negative) = PairSimilarity.Pairs(similarity, labels);
        var distance = Distance(similarity);
        return MeanOfNonZero((distance - positiveMargin).relu() * positive) + MeanOfNonZero((negativeMargin - distance).relu() * negative);
    }

    /// <summary>√(2 - 2s), exactly 0 for parallel embeddings, where the root has no slope and the gradient is 0.</summary>
    private static Tensor Distance(Tensor similarity)
    {
        var squared = 2 - 2 * similarity;
        var parallel = squared <= 0;                                                           // rounding takes cosines above 1
        return squared.masked_fill(parallel, 1).sqrt().masked_fill(parallel, 0);
    }

    private static Tensor MeanOfNonZero(Tensor losses) => losses.sum() / losses.detach().count_nonzero().clamp_min(1);
}
