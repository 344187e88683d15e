using System.ComponentModel.DataAnnotations;
using Unseen.Models.Linear;

namespace Unseen.Models.Generative;

/// <summary>How global features are scaled before a generator learns them; a generator that ends in a ReLU makes no negative values.</summary>
public enum FeatureScaling
{
    /// <summary>Every dimension to 0..1, by its smallest and largest value on the training images.</summary>
    MinMax,

    /// <summary>All dimensions to 0..1 by one smallest and one largest value, which keeps their proportions.</summary>
    WholeMinMax,
}

/// <summary>Options common to the methods that learn to generate features: a conditional WGAN with gradient penalty and a final classifier.</summary>
public abstract record GenerativeOptions : MethodOptions
{
    /// <summary>Scaling of the features. The default is MinMax (authors' codes of f-CLSWGAN and CE-GZSL; inferred for MLIS).</summary>
    public FeatureScaling Scaling { get; init; }

    /// <summary>Normalisation of the class vectors that the networks see. The default is L2 (inferred: as most codes of the field).</summary>
    public virtual AttributeNormalisation AttributeNormalisation { get; init; }

    /// <summary>Width of the generator's noise; 0, the default, means that of the class vectors (authors' codes).</summary>
    [Range(0, 100_000)] public int NoiseWidth { get; init; }

    /// <summary>Hidden width of the generator. The default is 4096 (authors' codes; inferred for MLIS).</summary>
    [Range(1, 100_000)] public int GeneratorWidth { get; init; } = 4096;

    /// <summary>Hidden width of the critic. The default is 4096 (authors' codes; inferred for MLIS).</summary>
    [Range(1, 100_000)] public int CriticWidth { get; init; } = 4096;

    /// <summary>Steps of the critic to one of the generator. The default is 5 (authors' codes; inferred for MLIS).</summary>
    [Range(1, 1000)] public int CriticSteps { get; init; } = 5;

    /// <summary>λ of the gradient penalty (Eq. 2 of MLIS). The default is 10 (authors' codes; inferred for MLIS).</summary>
    [Range(0, 10_000)] public double GradientPenaltyWeight { get; init; } = 10;

    /// <summary>Standard deviation of the initial weights; biases start at 0. The default is 0.02 (authors' codes; inferred for MLIS).</summary>
    [Range(1e-6, 100)] public double InitialDeviation { get; init; } = 0.02;

    /// <summary>Features made for each unseen class for the final classifier, chosen per dataset by the authors.</summary>
    [Range(1, 100_000)] public abstract int SyntheticPerUnseenClass { get; init; }

    /// <summary>Features made for each seen class for the final classifier, beside the real ones.</summary>
    [Range(0, 100_000)] public abstract int SyntheticPerSeenClass { get; init; }

    /// <summary>How the final softmax classifier is trained.</summary>
    public SoftmaxOptions Classifier { get; init; } = new();
}
