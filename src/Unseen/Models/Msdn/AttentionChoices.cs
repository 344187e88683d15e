namespace Unseen.Models.Msdn;

/// <summary>Which classes compete in the cross-entropy of scores and effects.</summary>
public enum CompetingClasses
{
    /// <summary>All classes, unseen ones too (authors' codes of DAZLE and MSDN).</summary>
    All,

    /// <summary>Seen classes only.</summary>
    Seen,
}

/// <summary>Which attention sub-nets a model has.</summary>
public enum AttentionDirections
{
    /// <summary>Both, teaching each other.</summary>
    Both,

    /// <summary>Only attributes that look at regions.</summary>
    AttributeToVisual,

    /// <summary>Only regions that look at attributes.</summary>
    VisualToAttribute,
}

/// <summary>How the visual-to-attribute sub-net makes predicted attributes of its attention A' and score map S'.</summary>
public enum VisualHead
{
    /// <summary>s'_k = Σ_r A'_kr S'_kr, as in the authors' code.</summary>
    Code,

    /// <summary>
    /// Regions are scored, t_r = Σ_k A'_kr S'_kr, and given back to the attributes by a learned affinity, s'_k = Σ_r B_kr t_r: the head that
    /// the text of MSDN describes. That B is a softmax over the regions of a third map is inferred: it keeps the scale of s' and starts uniform.
    /// </summary>
    Paper,
}

/// <summary>The distance of the two sub-nets' scores in the distillation.</summary>
public enum DistillationNorm
{
    /// <summary>Σ|d|³ / ‖d‖₂, what the authors' code computes.</summary>
    CodeCubic,

    /// <summary>‖d‖₂, what the paper describes.</summary>
    L2,
}

/// <summary>
/// The counterfactual attention Ā that replaces the attention while everything else stays. N is the number of entries that the attention
/// is distributed over: regions for attributes that look at regions, attributes for regions that look at attributes.
/// </summary>
public enum CounterfactualKind
{
    /// <summary>Entries uniform in 0..2/N, drawn afresh in every step: mean 1/N, no softmax (counterfactual attention learning).</summary>
    Random,

    /// <summary>1/N everywhere.</summary>
    Uniform,

    /// <summary>The attentions of the batch, permuted over its images: mostly that of another image, sometimes an image's own.</summary>
    Shuffle,

    /// <summary>As Shuffle, with the regions in another order too.</summary>
    ShuffleRegions,

    /// <summary>The largest entry less every entry, scaled to sum 1: looks where the attention does not.</summary>
    Reversed,

    /// <summary>Softmax of the negated attention scores.</summary>
    Negated,

    /// <summary>
    /// Not the attention but what it yields is exchanged, as CVsC's code does: the attended features, permuted over images, attributes and
    /// visual axis. Nothing of the image is left in them, where any attention over the true regions still leaves their mean. Only for
    /// <see cref="VisualHead.Code"/>: the other head has no attended features.
    /// </summary>
    PermutedFeatures,
}

/// <summary>What class scores are made of at test.</summary>
public enum PredictionKind
{
    /// <summary>The predicted attributes.</summary>
    Factual,

    /// <summary>The predicted attributes less those of uniform attention: the causal effect alone.</summary>
    Effect,
}
