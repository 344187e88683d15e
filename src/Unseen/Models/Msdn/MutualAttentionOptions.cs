using System.ComponentModel.DataAnnotations;

namespace Unseen.Models.Msdn;

/// <summary>
/// What MSDN and MSDN++ have in common: two sub-nets, attributes that look at regions and regions that look at attributes, which teach each
/// other. The defaults are those of MSDN's code on CUB.
/// </summary>
public abstract record MutualAttentionOptions : AttentionOptions, IValidatedOptions
{
    /// <summary>Sub-nets of the model. The default is Both; one alone is for ablations: nothing is distilled then, and it predicts alone.</summary>
    public AttentionDirections Directions { get; init; }

    /// <summary>
    /// Head of the visual-to-attribute sub-net. The default is Code (inferred, because MSDN's figures were made with its code, and its text leaves
    /// open what the affinity of the other head is).
    /// </summary>
    public VisualHead VisualHead { get; init; }

    /// <summary>α_AV: share of the attribute-to-visual sub-net in the prediction. The default is 0.9 (MSDN's code, CUB).</summary>
    [Range(0, 1)] public virtual double AttributeShare { get; init; } = 0.9;

    /// <summary>α_VA: share of the visual-to-attribute sub-net in the prediction; at 0 it is not computed at test. The default is 0.1 (MSDN's code, CUB).</summary>
    [Range(0, 1)] public virtual double VisualShare { get; init; } = 0.1;

    /// <summary>λ_dis, weight of the distance and of the Jensen-Shannon divergence between the sub-nets. The default is 0.001 (MSDN's code, CUB).</summary>
    [Range(0, 1000)] public double DistillationWeight { get; init; } = 0.001;

    /// <summary>
    /// The distance in the distillation. The default is CodeCubic (inferred, because the weight 0.001 belongs to the distance of MSDN's code; its
    /// text has L2).
    /// </summary>
    public DistillationNorm DistillationNorm { get; init; }

    /// <inheritdoc/>
    public virtual IEnumerable<string> Validate()
    {
        if (Directions == AttentionDirections.Both && AttributeShare + VisualShare <= 0)
            yield return "attributeShare and visualShare must not both be 0: nothing would be predicted.";
    }

    internal override AttentionParts Parts => new()
    {
        Directions = Directions,
        VisualHead = VisualHead,
        AttributeShare = Directions switch
        {
            AttentionDirections.Both => AttributeShare,
            AttentionDirections.AttributeToVisual => 1,
            _ => 0,
        },
        VisualShare = Directions switch
        {
            AttentionDirections.Both => VisualShare,
            AttentionDirections.VisualToAttribute => 1,
            _ => 0,
        },
        DistillationWeight = DistillationWeight,
        DistillationNorm = DistillationNorm,
    };
}
