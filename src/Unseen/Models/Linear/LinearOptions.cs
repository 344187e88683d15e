namespace Unseen.Models.Linear;

/// <summary>Normalisation of global features, per feature store.</summary>
public enum FeatureNormalisation
{
    /// <summary>L2 norm 1.</summary>
    L2,

    /// <summary>Centred on the training mean, then L2 norm 1.</summary>
    CentredL2,

    /// <summary>sign(x)·log(1+|x|), centred on the training mean, then L2 norm 1.</summary>
    LogCentredL2,

    /// <summary>Every dimension centred and divided by its standard deviation on the training images (public code of SJE on CUB and SUN).</summary>
    Standardised,

    /// <summary>As they are (public code of SJE on aPY).</summary>
    None,
}

/// <summary>Normalisation of class attributes.</summary>
public enum AttributeNormalisation
{
    /// <summary>L2 norm 1 per class.</summary>
    L2,

    /// <summary>Centred on the mean of the seen classes, then L2 norm 1 per class.</summary>
    CentredL2,

    /// <summary>As they are in the dataset, percent as 0..1.</summary>
    None,
}

/// <summary>Options common to the linear methods on global features: the normalisations of their grid, chosen on validation.</summary>
public abstract record LinearOptions : MethodOptions
{
    /// <summary>Feature normalisations to try. The default is the three with length 1.</summary>
    public IReadOnlyList<FeatureNormalisation> FeatureNormalisations { get; init; } =
        [FeatureNormalisation.L2, FeatureNormalisation.CentredL2, FeatureNormalisation.LogCentredL2];

    /// <summary>Attribute normalisations to try. The default is L2 and CentredL2.</summary>
    public IReadOnlyList<AttributeNormalisation> AttributeNormalisations { get; init; } =
        [AttributeNormalisation.L2, AttributeNormalisation.CentredL2];

    /// <summary>The base-10 exponents of a grid.</summary>
    protected static IReadOnlyList<double> Exponents(double from, double to, double step) =>
        [.. Enumerable.Range(0, (int)Math.Round((to - from) / step) + 1).Select(i => from + i * step)];
}

/// <summary>Options of ridge regression from global features to class attributes.</summary>
public sealed record RidgeOptions : LinearOptions
{
    /// <summary>Exponents of the regulariser λ = 10^e. The default is -3 to 3 by halves.</summary>
    public IReadOnlyList<double> LambdaExponents { get; init; } = Exponents(-3, 3, 0.5);
}

/// <summary>
/// Options of ESZSL, Romera-Paredes and Torr, "An embarrassingly simple approach to zero-shot learning" (ICML 2015).
/// </summary>
public sealed record EszslOptions : LinearOptions
{
    /// <summary>Exponents of the visual regulariser 10^α. The default is -3 to 3.</summary>
    public IReadOnlyList<double> AlphaExponents { get; init; } = Exponents(-3, 3, 1);

    /// <summary>Exponents of the semantic regulariser 10^γ. The default is -3 to 3.</summary>
    public IReadOnlyList<double> GammaExponents { get; init; } = Exponents(-3, 3, 1);

    /// <summary>True: targets are +1 for the class and -1 for the others, as in the paper. False (default): 1 and 0, as in public code.</summary>
    public bool SignedTargets { get; init; }
}

/// <summary>Where SAE compares an image with a class.</summary>
public enum SaeDirection
{
    /// <summary>F→S: the image is mapped into the semantic space.</summary>
    FeatureToSemantic,

    /// <summary>S→F: the class is mapped into the feature space.</summary>
    SemanticToFeature,
}

/// <summary>Options of SAE, Kodirov et al., "Semantic autoencoder for zero-shot learning" (CVPR 2017).</summary>
public sealed record SaeOptions : LinearOptions
{
    /// <summary>Exponents of λ = 10^e, the weight of the encoder. The default is -3 to 3 by halves.</summary>
    public IReadOnlyList<double> LambdaExponents { get; init; } = Exponents(-3, 3, 0.5);

    /// <summary>Directions to try. The default is both.</summary>
    public IReadOnlyList<SaeDirection> Directions { get; init; } = [SaeDirection.FeatureToSemantic, SaeDirection.SemanticToFeature];
}
