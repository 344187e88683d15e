using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>Attribute regression: predicted attributes should equal those of the class (TransZero, AAAI 2022).</summary>
public static class AttributeRegressionLoss
{
    /// <summary>Mean over images of ‖s - z‖₂².</summary>
    /// <param name="predicted">Predicted attributes s [batch, attributes].</param>
    /// <param name="target">Attributes z of the labels on the scale that is predicted [batch, attributes].</param>
    public static Tensor Compute(Tensor predicted, Tensor target)
    {
        Shape.Require(predicted, nameof(predicted), -1, -1);
        Shape.Require(target, nameof(target), predicted.shape);
        return (predicted - target).square().sum(1).mean();
    }
}
