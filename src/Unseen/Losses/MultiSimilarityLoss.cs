using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Multi-similarity loss (Wang et al., CVPR 2019), without mining, as pytorch-metric-learning has it: mean over the images of
/// log(1 + Σ_p exp(-α(s_p - λ))) / α + log(1 + Σ_n exp(β(s_n - λ))) / β.
/// </summary>
public static class MultiSimilarityLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="similarity">Cosines of all pairs [batch, batch].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="alpha">α, sharpness for pairs of a class.</param>
    /// <param name="beta">β, sharpness for pairs of different classes.</param>
    /// <param name="offset">λ, similarity that divides them.</param>
    public static Tensor Compute(Tensor similarity, Tensor labels, double alpha = 2, double beta = 50, double offset = 0.5)
    {
        var (positive, negative) = PairSimilarity.Pairs(similarity, labels);
        var pull = PairSimilarity.MaskedLogSumExp(-alpha * (similarity - offset), positive);
        var push = PairSimilarity.MaskedLogSumExp(beta * (similarity - offset), negative);
        return (nn.functional.softplus(pull) / alpha + nn.functional.softplus(push) / beta).mean();
    }
}
