using System.ComponentModel.DataAnnotations;

namespace Unseen.Models.Cvsc;

/// <summary>How the counterfactual attribute-related visual features F̄ are made (section 3.4 of the paper).</summary>
public enum Counterfactual
{
    /// <summary>
    /// Independent Gaussian features with the mean and variance of F. The paper says "randomly generated features of the same
    /// dimensions"; that they share the moments of F is inferred. The counterfactual attributes are sampled directly, which is exact:
    /// s̄_k = p_k·F̄_k is Gaussian with mean μ Σ_d p_kd and variance σ² ‖p_k‖².
    /// </summary>
    Gaussian,

    /// <summary>F permuted over the batch, the attributes and the visual axis at once, as in the authors' code.</summary>
    PermuteAll,

    /// <summary>F permuted over the batch only: every image gets the features of another one.</summary>
    BatchPermute,

    /// <summary>Uniform attention: F̄ is the mean region, the same for every attribute.</summary>
    Uniform,
}

/// <summary>Form of the conditional correlation loss and the semantic causal intervention.</summary>
public enum CvscLossForm
{
    /// <summary>Eq. 6-9 of the paper: Euclidean norms per image, averaged over the batch.</summary>
    Paper,

    /// <summary>The authors' code: batch-normalised differences, mean squares and mean absolute values.</summary>
    Code,
}

/// <summary>What the conditional correlation loss compares.</summary>
public enum CvscNormalisation
{
    /// <summary>Raw predicted attributes with class attributes in 0..1.</summary>
    None,

    /// <summary>Both sides normalised per attribute over the batch (the authors' code); an image's target depends on its batch mates.</summary>
    BatchNorm,

    /// <summary>Class attributes by mean and deviation over the seen classes, predictions over the batch; targets do not depend on the batch.</summary>
    DatasetZScore,
}

/// <summary>What replaces an attribute whose word vector is zero (SUN "man-made").</summary>
public enum ZeroRowPolicy
{
    /// <summary>A seeded random unit vector.</summary>
    RandomUnit,

    /// <summary>The mean word vector of the other attributes of its group.</summary>
    MeanOfGroup,

    /// <summary>The zero vector stays: uniform attention, score 0, and a gradient scaled by 1e12.</summary>
    Keep,
}

/// <summary>
/// Options of CVsC, "Causal Visual-semantic Correlation for Zero-shot Learning" (ACM MM 2024). Defaults are the paper's form; presets
/// give the authors' code. Weights multiply the terms of Eq. 12.
/// </summary>
public sealed record CvscOptions : MethodOptions
{
    /// <summary>Weight of the cross-entropy over all classes. The default is 1 (Eq. 5); the authors' code uses 3.</summary>
    [Range(0, 1000)] public double CrossEntropyWeight { get; init; } = 1;

    /// <summary>λ_cal of Eq. 5. The default is 0.13: the paper states none, the authors' code has 0.4 beside a cross-entropy of 3.</summary>
    [Range(0, 1000)] public double SelfCalibrationWeight { get; init; } = 0.13;

    /// <summary>True: minus the log of the batch-mean unseen probability (the authors' code). False: per image, as Eq. 5. The default is false.</summary>
    public bool SelfCalibrationOverBatch { get; init; }

    /// <summary>δ of Eq. 13, added to the scores of unseen classes in the self-calibration loss and in prediction. The default is 2 (authors' code).</summary>
    [Range(-100, 100)] public double UnseenMargin { get; init; } = 2;

    /// <summary>λ_cc of Eq. 12, the conditional correlation loss. The default is 0.5 (paper, section 4).</summary>
    [Range(0, 1000)] public double CclWeight { get; init; } = 0.5;

    /// <summary>α of Eq. 7: weight of attributes predicted below their annotation. The default is 0.5 (paper); the authors' code has 1.</summary>
    [Range(0, 1000)] public double CclDeficitWeight { get; init; } = 0.5;

    /// <summary>Normalisation inside the conditional correlation loss. The default is None (Eq. 6).</summary>
    public CvscNormalisation CclNormalisation { get; init; } = CvscNormalisation.None;

    /// <summary>λ_sci of Eq. 12, the semantic causal intervention. The default is 2 (paper, section 4).</summary>
    [Range(0, 1000)] public double SciWeight { get; init; } = 2;

    /// <summary>
    /// η: weight of the effect Σ(s - s̄) itself, maximised. The default is 0: Eq. 9 adds it with a sign that would minimise the effect
    /// the text wants to maximise, and the authors' code leaves it out.
    /// </summary>
    [Range(-1000, 1000)] public double SciEffectWeight { get; init; }

    /// <summary>λ_tci of Eq. 12, the target causal intervention. The default is 2 (paper, section 4).</summary>
    [Range(0, 1000)] public double TciWeight { get; init; } = 2;

    /// <summary>Form of the conditional correlation and semantic intervention losses. The default is Paper.</summary>
    public CvscLossForm LossForm { get; init; } = CvscLossForm.Paper;

    /// <summary>How the counterfactual features are made. The default is Gaussian.</summary>
    public Counterfactual Counterfactual { get; init; } = Counterfactual.Gaussian;

    /// <summary>Treatment of zero word vectors. The default is RandomUnit (inferred).</summary>
    public ZeroRowPolicy ZeroRows { get; init; } = ZeroRowPolicy.RandomUnit;

    /// <summary>Standard deviation of the initial weights. The default is 1 (authors' code).</summary>
    [Range(1e-6, 100)] public double InitialDeviation { get; init; } = 1;
}
