using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Contrastive loss (Hadsell et al., CVPR 2006) on the Euclidean distance d = √(2 - 2s) of normalised embeddings, as pytorch-metric-learning
/// has it: mean of the non-zero (d_p - m_p)₊ plus mean of the non-zero (m_n - d_n)₊.
/// </summary>
public static class ContrastiveLoss
{
    private const double Epsilon = 1e-12;

    /// <summary>The loss of a batch.</summary>
    /// <param name="similarity">Cosines of all pairs [batch, batch].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="positiveMargin">m_p, distance that pairs of a class may have.</param>
    /// <param name="negativeMargin">m_n, distance that pairs of different classes should have.</param>
    public static Tensor Compute(Tensor similarity, Tensor labels, double positiveMargin = 0, double negativeMargin = 1)
    {
        var (positive, negative) = PairSimilarity.Pairs(similarity, labels);
        var distance = (2 - 2 * similarity).clamp_min(Epsilon).sqrt();
        return MeanOfNonZero((distance - positiveMargin).relu() * positive) + MeanOfNonZero((negativeMargin - distance).relu() * negative);
    }

    private static Tensor MeanOfNonZero(Tensor losses) => losses.sum() / losses.detach().count_nonzero().clamp_min(1);
}
