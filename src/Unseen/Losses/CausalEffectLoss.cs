using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Cross-entropy of the causal effect: what the class scores gain over those of a counterfactual must itself point to the right class
/// (Rao et al., ICCV 2021; Eq. 10-11 of CVsC). Margins that both scores share cancel.
/// </summary>
public static class CausalEffectLoss
{
    /// <summary>Mean over the batch of -log softmax(ℓ - ℓ̄)_y.</summary>
    /// <param name="scores">Class scores ℓ [batch, classes].</param>
    /// <param name="counterfactual">Class scores ℓ̄ of the counterfactual [batch, classes].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="classOffset">Added to the effect of every class [classes]; minus infinity takes a class out. Null: nothing.</param>
    /// <returns>A scalar; the log of the number of classes when the counterfactual changes nothing.</returns>
    public static Tensor Compute(Tensor scores, Tensor counterfactual, Tensor labels, Tensor? classOffset = null)
    {
        Shape.Require(scores, nameof(scores), -1, -1);
        Shape.Require(counterfactual, nameof(counterfactual), scores.shape);
        Shape.Require(labels, nameof(labels), scores.shape[0]);
        var effect = scores - counterfactual;
        return nn.functional.cross_entropy(classOffset is null ? effect : effect + classOffset, labels);
    }
}
