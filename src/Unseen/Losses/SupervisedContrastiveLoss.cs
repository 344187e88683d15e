using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Supervised contrastive loss (Khosla et al., NeurIPS 2020), the instance-level loss of CE-GZSL (CVPR 2021, Eq. 4): mean over the images
/// with a companion in the batch of minus the mean log-softmax of their companions among all others.
/// </summary>
public static class SupervisedContrastiveLoss
{
    /// <summary>The loss of a batch; 0 when no class appears twice.</summary>
    /// <param name="similarity">Cosines of all pairs [batch, batch].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="temperature">τ.</param>
    public static Tensor Compute(Tensor similarity, Tensor labels, double temperature)
    {
        var (positive, negative) = PairSimilarity.Pairs(similarity, labels);
        var logits = similarity / temperature;
        var all = PairSimilarity.MaskedLogSumExp(logits, positive.logical_or(negative));       // [batch]
        var companions = positive.sum(1, type: similarity.dtype);                             // [batch]
        var mean = (logits * positive).sum(1) / companions.clamp_min(1);
        var losses = (all - mean) * companions.gt(0);
        return losses.sum() / companions.gt(0).sum().clamp_min(1);
    }
}
