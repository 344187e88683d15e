using System.ComponentModel.DataAnnotations;
using Unseen.Models.Cvsc;
using Unseen.Models.Linear;

namespace Unseen.Models.Msdn;

/// <summary>
/// What DAZLE, MSDN and MSDN++ have in common: attention of attributes over regions, cross-entropy and self-calibration. The defaults are
/// those of the codes of DAZLE and MSDN on CUB.
/// </summary>
public abstract record AttentionOptions : MethodOptions
{
    /// <summary>Classes that compete in the cross-entropy. The default is All (codes of DAZLE and MSDN).</summary>
    public CompetingClasses CompetingClasses { get; init; }

    /// <summary>λ_cal, weight of the self-calibration of each sub-net. The default is 0.1 (codes of DAZLE and MSDN, CUB).</summary>
    [Range(0, 1000)] public virtual double SelfCalibrationWeight { get; init; } = 0.1;

    /// <summary>True (default): minus the log of the batch-mean unseen probability (codes of DAZLE and MSDN). False: per image, as in the papers.</summary>
    public bool SelfCalibrationOverBatch { get; init; } = true;

    /// <summary>
    /// Added to the scores of unseen classes and taken from those of seen ones, in self-calibration, distillation and prediction, not in
    /// the cross-entropy. The default is 1 (codes of DAZLE and MSDN).
    /// </summary>
    [Range(-100, 100)] public double Margin { get; init; } = 1;

    /// <summary>True: attribute vectors are L2-normalised in every step (MSDN's code on AWA2). False (default): only at the start.</summary>
    public virtual bool NormaliseVectors { get; init; }

    /// <summary>Normalisation of the class vectors. The default is L2 (codes of DAZLE and MSDN).</summary>
    public virtual AttributeNormalisation AttributeNormalisation { get; init; }

    /// <summary>Treatment of zero word vectors. The default is RandomUnit (inferred: a zero row could never learn to look anywhere).</summary>
    public ZeroRowPolicy ZeroRows { get; init; } = ZeroRowPolicy.RandomUnit;

    /// <summary>
    /// Attribute vectors at the start where the dataset has no word vectors. The default is Unit (inferred: word vectors enter with length 1 as well).
    /// </summary>
    public RandomVectors RandomVectors { get; init; }

    /// <summary>Standard deviation of the initial attribute score weights; those of attention and gate start at 0. The default is 1 (codes of DAZLE and MSDN).</summary>
    [Range(1e-6, 100)] public double InitialDeviation { get; init; } = 1;

    /// <summary>The parts of the family that these options switch on.</summary>
    internal abstract AttentionParts Parts { get; }
}

/// <summary>The parts in which the members of the family differ; the defaults are everything off: attributes look at regions, no more.</summary>
internal sealed record AttentionParts
{
    public AttentionDirections Directions { get; init; } = AttentionDirections.AttributeToVisual;

    public bool Gate { get; init; }

    public VisualHead VisualHead { get; init; }

    public double VisualInitialDeviation { get; init; }

    public bool SharedVectors { get; init; } = true;

    public double AttributeShare { get; init; } = 1;

    public double VisualShare { get; init; }

    public double DistillationWeight { get; init; }

    public DistillationNorm DistillationNorm { get; init; }

    public double RegressionWeight { get; init; }

    public double AttributeCausalWeight { get; init; }

    public double VisualCausalWeight { get; init; }

    public CounterfactualKind Counterfactual { get; init; }

    public bool DetachCounterfactual { get; init; }

    public PredictionKind Prediction { get; init; }
}
