namespace Unseen.Models.Msdn;

/// <summary>
/// Options of DAZLE, Huynh and Elhamifar, "Fine-grained generalized zero-shot learning via dense attribute-based attention" (CVPR 2020):
/// attributes look at regions, and a gate says how far each predicted attribute counts.
/// </summary>
public sealed record DazleOptions : AttentionOptions
{
    /// <summary>True (default): predicted attributes are gated, s_k = e_k·sigmoid(v_kᵀ W₃ F_k). False: s_k = e_k, MSDN's first sub-net.</summary>
    public bool Gate { get; init; } = true;

    internal override AttentionParts Parts => new() { Gate = Gate };
}
