using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>What a model says about a batch of images.</summary>
/// <param name="ClassScores">Final scores [batch, classes], including the method's own margin.</param>
/// <param name="PredictedAttributes">Predicted attributes [batch, attributes], or null when the method predicts none.</param>
/// <param name="Attention">Attention [batch, attributes, regions], rows sum to 1, or null when the method has none.</param>
public sealed record ModelOutput(Tensor ClassScores, Tensor? PredictedAttributes, Tensor? Attention)
{
    /// <summary>
    /// Attention of every region over the attributes [batch, attributes, regions], columns sum to 1, or null when the method has none.
    /// </summary>
    public Tensor? VisualAttention { get; init; }

    /// <summary>
    /// What attention adds to each predicted attribute [batch, attributes]: the prediction less that with uniform attention. Times the
    /// attributes of a class it says which attributes supported this class, and its product with the class semantics is the effect on the
    /// class score. Null when the method does not tell.
    /// </summary>
    public Tensor? AttributeEffect { get; init; }

    /// <summary>What the method's encoder makes of the visual features [batch, width], or null when it has none. Scores are computed from it.</summary>
    public Tensor? RefinedFeatures { get; init; }

    /// <summary>The class scores as a product of attributes and class vectors, or null when the method's scores are no such product.</summary>
    public AttributeProduct? Product { get; init; }
}
