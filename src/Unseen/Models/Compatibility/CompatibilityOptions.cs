using System.ComponentModel.DataAnnotations;
using Unseen.Losses;
using Unseen.Models.Linear;
using static TorchSharp.torch;

namespace Unseen.Models.Compatibility;

/// <summary>
/// What ALE, SJE and DeViSE have in common: a bilinear compatibility F(x, z) = xᵀWz of global features and class attributes, trained to
/// rank the right class first. The normalisations are tried on validation, each with a training of its own.
/// </summary>
public abstract record CompatibilityOptions : LinearOptions
{
    /// <summary>
    /// Δ, by which the right class must win. The default is 1: with normalised features and W from 0 it only sets the scale of W, together with
    /// the learning rate.
    /// </summary>
    [Range(1e-6, 1e6)] public double Margin { get; init; } = 1;

    /// <summary>Standard deviation of the initial W. The default is 0: there are no layers whose symmetry must be broken.</summary>
    [Range(0, 100)] public double InitialDeviation { get; init; }

    /// <summary>The ranking loss of compatibilities [batch, seen] and the columns of the right classes.</summary>
    internal abstract LossTerm Loss(Tensor scores, Tensor labels);
}

/// <summary>Options of ALE, Akata et al., "Label-embedding for image classification" (TPAMI 2016).</summary>
public sealed record AleOptions : CompatibilityOptions
{
    internal override LossTerm Loss(Tensor scores, Tensor labels) => new("rank", 1, RankingLoss.Ranked(scores, labels, Margin));
}

/// <summary>Options of SJE, Akata et al., "Evaluation of output embeddings for fine-grained image classification" (CVPR 2015).</summary>
public sealed record SjeOptions : CompatibilityOptions
{
    internal override LossTerm Loss(Tensor scores, Tensor labels) => new("worst", 1, RankingLoss.Worst(scores, labels, Margin));
}

/// <summary>Options of DeViSE, Frome et al., "DeViSE: A deep visual-semantic embedding model" (NIPS 2013).</summary>
public sealed record DeviseOptions : CompatibilityOptions
{
    internal override LossTerm Loss(Tensor scores, Tensor labels) => new("hinge", 1, RankingLoss.Sum(scores, labels, Margin));
}
