using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Semantic causal intervention of CVsC (Eq. 8-9): the effect of the attribute-related features on the predicted attributes, s - s̄,
/// must itself equal the class attributes, so that the model cannot win by merely weakening the counterfactual.
/// </summary>
public static class SemanticInterventionLoss
{
    /// <summary>Paper form: mean over images of ‖t - (s - s̄)‖₂, less η times the mean effect.</summary>
    /// <param name="predicted">Predicted attributes s [batch, attributes].</param>
    /// <param name="counterfactual">Counterfactual attributes s̄ [batch, attributes].</param>
    /// <param name="target">Class attributes t of the labels, 0..1 [batch, attributes].</param>
    /// <param name="effectWeight">η; 0 leaves the effect term out.</param>
    public static Tensor Paper(Tensor predicted, Tensor counterfactual, Tensor target, double effectWeight)
    {
        Shape.Require(counterfactual, nameof(counterfactual), predicted.shape);
        Shape.Require(target, nameof(target), predicted.shape);
        var effect = predicted - counterfactual;
        var distance = linalg.vector_norm(target - effect, 2, [1]).mean();
        return effectWeight == 0 ? distance : distance - effectWeight * effect.mean();
    }

    /// <summary>Authors' code: mean absolute value of t - s + s̄, all three normalised over the batch.</summary>
    public static Tensor Code(Tensor predicted, Tensor counterfactual, Tensor target, double effectWeight)
    {
        Shape.Require(counterfactual, nameof(counterfactual), predicted.shape);
        Shape.Require(target, nameof(target), predicted.shape);
        var distance = (target - predicted + counterfactual).abs().mean();
        return effectWeight == 0 ? distance : distance - effectWeight * (predicted - counterfactual).mean();
    }
}
