using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>What a model says about a batch of images.</summary>
/// <param name="ClassScores">Final scores [batch, classes], including the method's own margin.</param>
/// <param name="PredictedAttributes">Predicted attributes [batch, attributes], or null when the method predicts none.</param>
/// <param name="Attention">Attention [batch, attributes, regions], rows sum to 1, or null when the method has none.</param>
public sealed record ModelOutput(Tensor ClassScores, Tensor? PredictedAttributes, Tensor? Attention);
