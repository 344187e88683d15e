using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Conditional correlation loss of CVsC (Eq. 6-7): predicting attributes beyond the annotation of the class costs more than missing
/// annotated ones, because one image shows fewer attributes than its class has.
/// </summary>
public static class ConditionalCorrelationLoss
{
    /// <summary>Paper form: mean over images of ‖(s-t)₊‖₂ + α ‖(t-s)₊‖₂ + |var(t) - var(s)|, variances over the attributes of an image.</summary>
    /// <param name="predicted">Predicted attributes s [batch, attributes].</param>
    /// <param name="target">Class attributes t of the labels, 0..1 [batch, attributes].</param>
    /// <param name="deficitWeight">α.</param>
    public static Tensor Paper(Tensor predicted, Tensor target, double deficitWeight) =>
        Paper(predicted, target, predicted, target, deficitWeight);

    /// <summary>Paper form with normalised differences; the variances are taken of the raw values.</summary>
    public static Tensor Paper(Tensor predicted, Tensor target, Tensor rawPredicted, Tensor rawTarget, double deficitWeight)
    {
        RequireSame(predicted, target);
        RequireSame(predicted, rawPredicted, rawTarget);
        var difference = predicted - target;
        var excess = linalg.vector_norm(difference.relu(), 2, [1]).mean();
        var deficit = linalg.vector_norm((-difference).relu(), 2, [1]).mean();
        var spread = (rawTarget.var(1) - rawPredicted.var(1)).abs().mean();
        return excess + deficitWeight * deficit + spread;
    }

    /// <summary>
    /// Authors' code: Σ d²[d&lt;0]/(#[d&lt;0]+1) + α Σ d²[d&gt;0]/(#[d&gt;0]+1) + |Var(t) - Var(s)| with d = t - s over the whole block.
    /// </summary>
    /// <param name="predicted">Normalised predictions [batch, attributes].</param>
    /// <param name="target">Normalised targets [batch, attributes].</param>
    /// <param name="rawPredicted">Predictions before normalisation, for the variance.</param>
    /// <param name="rawTarget">Class attributes before normalisation, for the variance.</param>
    /// <param name="deficitWeight">α; 1 in the authors' code.</param>
    public static Tensor Code(Tensor predicted, Tensor target, Tensor rawPredicted, Tensor rawTarget, double deficitWeight)
    {
        RequireSame(predicted, target);
        RequireSame(predicted, rawPredicted, rawTarget);
        var excess = MeanSquare((predicted - target).relu());
        var deficit = MeanSquare((target - predicted).relu());
        var spread = (rawTarget.var() - rawPredicted.var()).abs();
        return excess + deficitWeight * deficit + spread;
    }

    private static Tensor MeanSquare(Tensor positivePart) => positivePart.square().sum() / (positivePart.detach().count_nonzero() + 1);

    private static void RequireSame(Tensor predicted, Tensor rawPredicted, Tensor rawTarget)
    {
        Shape.Require(rawPredicted, nameof(rawPredicted), predicted.shape);
        Shape.Require(rawTarget, nameof(rawTarget), predicted.shape);
    }

    private static void RequireSame(Tensor predicted, Tensor target)
    {
        Shape.Require(predicted, nameof(predicted), -1, -1);
        Shape.Require(target, nameof(target), predicted.shape);
    }
}
