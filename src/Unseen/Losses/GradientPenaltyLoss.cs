using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Gradient penalty of WGAN-GP (Gulrajani et al., NIPS 2017; Eq. 2 of MLIS): a critic's gradient at its input should have length 1.
/// </summary>
public static class GradientPenaltyLoss
{
    /// <summary>Mean over the batch of (‖∇ₓD‖₂ - 1)².</summary>
    /// <param name="gradients">∇ₓD of every image [batch, visual].</param>
    public static Tensor Compute(Tensor gradients)
    {
        Shape.Require(gradients, nameof(gradients), -1, -1);
        return (linalg.vector_norm(gradients, 2, [1]) - 1).square().mean();
    }
}
