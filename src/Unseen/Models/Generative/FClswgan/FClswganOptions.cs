using System.ComponentModel.DataAnnotations;

namespace Unseen.Models.Generative.FClswgan;

/// <summary>Options of f-CLSWGAN, Xian et al., "Feature generating networks for zero-shot learning" (CVPR 2018).</summary>
public sealed record FClswganOptions : GenerativeOptions
{
    /// <summary>β of Eq. 4: weight of the classification of made features by a softmax trained on real ones. The default is 0.01 (paper).</summary>
    [Range(0, 1000)] public double ClassificationWeight { get; init; } = 0.01;

    /// <summary>
    /// How that softmax is trained, before the generator. The defaults are those of the final classifier (inferred: the paper says only that
    /// it is trained on the seen classes and then fixed; public code has 50 epochs in batches of 100).
    /// </summary>
    public SoftmaxOptions Pretraining { get; init; } = new();

    /// <summary>Features made for each unseen class for the final classifier. The default is 300 (CUB, authors' code).</summary>
    public override int SyntheticPerUnseenClass { get; init; } = 300;

    /// <summary>Features made for each seen class for the final classifier, beside the real ones. The default is 0 (authors' code).</summary>
    public override int SyntheticPerSeenClass { get; init; }
}
