using System.ComponentModel.DataAnnotations;

namespace Unseen.Models;

/// <summary>How a softmax classifier on features is trained: Adam with betas 0.5 and 0.999, every epoch a shuffle of all features.</summary>
public sealed record SoftmaxOptions
{
    /// <summary>Epochs. The default is 25 (authors' code of CE-GZSL).</summary>
    [Range(1, 10_000)] public int Epochs { get; init; } = 25;

    /// <summary>Features per step. The default is 256 (inferred; the papers do not say, public codes have 100 for CE-GZSL and 300 for f-CLSWGAN).</summary>
    [Range(1, 1_000_000)] public int BatchSize { get; init; } = 256;

    /// <summary>Learning rate. The default is 0.001 (authors' codes of f-CLSWGAN and CE-GZSL).</summary>
    [Range(1e-9, 100)] public double LearningRate { get; init; } = 1e-3;
}
