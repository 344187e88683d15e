using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Semantic distillation between two classifiers that teach each other (Chen et al., MSDN, CVPR 2022): a distance of their scores and the
/// Jensen-Shannon divergence of their class probabilities. All terms are symmetric and 0, with gradient 0, for equal scores.
/// </summary>
public static class DistillationLoss
{
    private const double SmallestNorm = 1e-12;

    /// <summary>Mean over images of ‖a - b‖₂, the distance that the paper describes.</summary>
    /// <param name="first">Scores a [batch, classes].</param>
    /// <param name="second">Scores b [batch, classes].</param>
    public static Tensor Euclidean(Tensor first, Tensor second) => Norm(Difference(first, second)).mean();

    /// <summary>
    /// Mean over images of Σ_c w_c |d_c| with w_c = d_c² / ‖d‖₂ and d = a - b, the weighted distance of the authors' code: Σ|d|³ / ‖d‖₂.
    /// </summary>
    /// <param name="first">Scores a [batch, classes].</param>
    /// <param name="second">Scores b [batch, classes].</param>
    public static Tensor WeightedCubic(Tensor first, Tensor second)
    {
        var difference = Difference(first, second);
        var magnitude = difference.abs();
        return ((difference.square() * magnitude).sum(1) / Norm(difference).clamp_min(SmallestNorm)).mean();
    }

    /// <summary>Mean over images of the Jensen-Shannon divergence of softmax(a) and softmax(b), between 0 and ln 2; in log space.</summary>
    /// <param name="first">Scores a [batch, classes].</param>
    /// <param name="second">Scores b [batch, classes].</param>
    public static Tensor JensenShannon(Tensor first, Tensor second)
    {
        RequireSame(first, second);
        var (p, q) = (nn.functional.log_softmax(first, 1), nn.functional.log_softmax(second, 1));
        var mean = logaddexp(p, q) - Math.Log(2);                                             // log of (p + q) / 2
        return 0.5 * (p.exp() * (p - mean) + q.exp() * (q - mean)).sum(1).mean();
    }

    private static Tensor Norm(Tensor difference) => linalg.vector_norm(difference, 2, [1]);

    private static Tensor Difference(Tensor first, Tensor second)
    {
        RequireSame(first, second);
        return first - second;
    }

    private static void RequireSame(Tensor first, Tensor second)
    {
        Shape.Require(first, nameof(first), -1, -1);
        Shape.Require(second, nameof(second), first.shape);
    }
}
