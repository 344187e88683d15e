namespace Unseen.Models.Msdn;

/// <summary>Options of MSDN, Chen et al., "MSDN: Mutually semantic distillation network for zero-shot learning" (CVPR 2022).</summary>
public sealed record MsdnOptions : MutualAttentionOptions;
