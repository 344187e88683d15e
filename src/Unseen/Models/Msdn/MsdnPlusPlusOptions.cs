using System.ComponentModel.DataAnnotations;
using Unseen.Models.Linear;

namespace Unseen.Models.Msdn;

/// <summary>
/// Options of MSDN++ (re-derived), after Chen et al., "MSDN++" (arXiv 2603.17412, 2026). Only the abstract is public to us: two mutually
/// causal attention sub-nets with semantic distillation. What follows MSDN says so; "inferred" marks what no source states, with the reason.
/// </summary>
public sealed record MsdnPlusPlusOptions : MutualAttentionOptions
{
    /// <summary>
    /// λ_cal, weight of the self-calibration of each sub-net. The default is 0.13 (inferred: CVsC's 0.4 beside a cross-entropy of weight 3, chosen
    /// on validation classes of CUB-127; MSDN's code has 0.1).
    /// </summary>
    public override double SelfCalibrationWeight { get; init; } = 0.13;

    /// <summary>
    /// True (default): attribute vectors are L2-normalised in every step (inferred: as in CVsC's code and MSDN's on AWA2, chosen on validation
    /// classes of CUB-127). False: only at the start.
    /// </summary>
    public override bool NormaliseVectors { get; init; } = true;

    /// <summary>
    /// Normalisation of the class vectors. The default is CentredL2 (inferred: better on validation classes of CUB-127; MSDN's code has L2).
    /// </summary>
    public override AttributeNormalisation AttributeNormalisation { get; init; } = AttributeNormalisation.CentredL2;

    /// <summary>
    /// α_AV: share of the attribute-to-visual sub-net in the prediction. The default is 0.5 (inferred: chosen on validation classes of CUB-127;
    /// MSDN's code has 0.9).
    /// </summary>
    public override double AttributeShare { get; init; } = 0.5;

    /// <summary>
    /// α_VA: share of the visual-to-attribute sub-net in the prediction; at 0 it is not computed at test. The default is 0.5 (inferred, with the
    /// other; MSDN's code has 0.1).
    /// </summary>
    public override double VisualShare { get; init; } = 0.5;

    /// <summary>
    /// λ_cau of the attribute-to-visual sub-net: weight of the cross-entropy of its causal effect. The default is 0.1 (inferred: counterfactual
    /// attention learning has 1 beside a cross-entropy of 1, CVsC 2 beside 3, but on validation classes of CUB-127 0.5 was worse than none).
    /// </summary>
    [Range(0, 1000)] public double AttributeCausalWeight { get; init; } = 0.1;

    /// <summary>λ_cau of the visual-to-attribute sub-net. The default is 0.1 (inferred: both sub-nets are called causal, none is preferred).</summary>
    [Range(0, 1000)] public double VisualCausalWeight { get; init; } = 0.1;

    /// <summary>
    /// The attention that a causal effect is measured against. The default is Negated (inferred: CVsC's code computes it and does not use it;
    /// on validation classes of CUB-127 it was as good as Random, that of counterfactual attention learning, Rao et al., ICCV 2021, or better).
    /// At test it is always uniform.
    /// </summary>
    public CounterfactualKind Counterfactual { get; init; } = CounterfactualKind.Negated;

    /// <summary>
    /// True: no gradient flows through the counterfactual scores, so that the model cannot win by making them bad. The default is false
    /// (inferred: neither counterfactual attention learning nor CVsC stops it). True ruins the training: scores grow without bound.
    /// </summary>
    public bool DetachCounterfactual { get; init; }

    /// <summary>
    /// λ_ar, weight of ‖s - z‖² of each sub-net. The default is 0.001 (inferred: MSDN's code has no such term; TransZero++ of the same group
    /// has 1e-4 on CUB, 1e-2 on SUN, 5e-5 on AWA2; chosen on validation classes of CUB-127).
    /// </summary>
    [Range(0, 1000)] public double RegressionWeight { get; init; } = 0.001;

    /// <summary>
    /// What predicts. The default is Factual (inferred: counterfactual attention learning trains with the effect and predicts without it).
    /// Effect takes uniform attention away.
    /// </summary>
    public PredictionKind Prediction { get; init; }

    /// <summary>
    /// Standard deviation of the initial score weights of the visual-to-attribute sub-net. The default is 6 (inferred: MSDN's code begins at 0,
    /// from where this sub-net alone was far worse on validation classes of CUB-127; attention over the attributes divides scores by their number,
    /// which 6 makes up for).
    /// </summary>
    [Range(0, 1000)] public double VisualInitialDeviation { get; init; } = 6;

    /// <summary>
    /// True: both sub-nets learn the same attribute vectors, as in MSDN's code. False (default): each learns its own, from the same word vectors
    /// (inferred: better on validation classes of CUB-127, together with equal shares).
    /// </summary>
    public bool SharedVectors { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Validate() => base.Validate().Concat(PermutesUnderThePaperHead
        ? ["counterfactual permuted-features needs visualHead code: the paper's head scores regions, so there are no attended features to permute. " +
            "Choose another counterfactual, or set visualCausalWeight to 0."]
        : []);

    private bool PermutesUnderThePaperHead => Counterfactual == CounterfactualKind.PermutedFeatures && VisualHead == VisualHead.Paper
        && Directions != AttentionDirections.AttributeToVisual && VisualCausalWeight > 0;

    internal override AttentionParts Parts => base.Parts with
    {
        AttributeCausalWeight = AttributeCausalWeight,
        VisualCausalWeight = VisualCausalWeight,
        Counterfactual = Counterfactual,
        DetachCounterfactual = DetachCounterfactual,
        RegressionWeight = RegressionWeight,
        VisualInitialDeviation = VisualInitialDeviation,
        SharedVectors = SharedVectors,
        Prediction = Prediction,
    };
}
