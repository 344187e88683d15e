using static TorchSharp.torch;

namespace Unseen.Models.Cvsc;

/// <summary>
/// Counterfactual attributes s̄ = p·F̄ of one batch, computed from maps so that the attribute-related features F [batch, attributes,
/// visual] and their counterfactual are never built.
/// </summary>
internal abstract class CounterfactualAttributes
{
    /// <summary>Projections whose maps over the regions are needed beside attention and score.</summary>
    public virtual IReadOnlyList<Tensor> ExtraProjections => [];

    /// <summary>s̄ [batch, attributes].</summary>
    /// <param name="attention">[attributes, batch, regions].</param>
    /// <param name="maps">Attention, score and extra maps [attributes, batch, regions].</param>
    /// <param name="regions">[batch, regions, visual].</param>
    public abstract Tensor Compute(Tensor attention, Tensor[] maps, Tensor regions);

    /// <summary>Draws the random numbers of one step.</summary>
    public static CounterfactualAttributes Create(Counterfactual kind, Tensor scoreProjection, long batch) => kind switch
    {
        Counterfactual.PermuteAll => new PermuteAllFeatures(scoreProjection, batch),
        Counterfactual.BatchPermute => new PermuteBatch(batch),
        Counterfactual.Uniform => new UniformAttention(),
        _ => new GaussianFeatures(scoreProjection),
    };

    /// <summary>
    /// s̄_{b,i} = Σ_d p_{i,d} F[π(b), σ(i), τ(d)]. The permutations of attributes and visual axis go into the weights, which then score
    /// the regions like any other map; only [batch, attributes] is permuted afterwards.
    /// </summary>
    private sealed class PermuteAllFeatures : CounterfactualAttributes
    {
        private readonly Tensor batchOrder;
        private readonly Tensor attributeOrder; // the inverse of σ

        public PermuteAllFeatures(Tensor scoreProjection, long batch)
        {
            batchOrder = randperm(batch);
            attributeOrder = randperm(scoreProjection.shape[0]);
            var visualOrder = randperm(scoreProjection.shape[1]);
            ExtraProjections = [scoreProjection.index_select(0, attributeOrder).index_select(1, visualOrder)];
        }

        public override IReadOnlyList<Tensor> ExtraProjections { get; }

        public override Tensor Compute(Tensor attention, Tensor[] maps, Tensor regions) =>
            RegionMaps.Attend(attention, maps[^1]).index_select(0, batchOrder).index_select(1, attributeOrder.argsort());
    }

    private sealed class PermuteBatch(long batch) : CounterfactualAttributes
    {
        private readonly Tensor batchOrder = randperm(batch);

        public override Tensor Compute(Tensor attention, Tensor[] maps, Tensor regions) =>
            RegionMaps.Attend(attention, maps[1]).index_select(0, batchOrder);
    }

    private sealed class UniformAttention : CounterfactualAttributes
    {
        public override Tensor Compute(Tensor attention, Tensor[] maps, Tensor regions) => maps[1].mean([2]).t();
    }

    /// <summary>Gaussian F̄ with the mean and variance over all entries of F; the moments are constants of the step.</summary>
    private sealed class GaussianFeatures(Tensor scoreProjection) : CounterfactualAttributes
    {
        public override Tensor Compute(Tensor attention, Tensor[] maps, Tensor regions)
        {
            var (mean, deviation) = Moments(attention.detach(), regions);
            var noise = randn(attention.shape[1], attention.shape[0]);                        // [batch, attributes]
            return mean * scoreProjection.sum(1) + deviation * linalg.vector_norm(scoreProjection, 2, [1]) * noise;
        }

        /// <summary>E[F] from the region means, E[F²] from the Gram matrix of the regions: Σ_d F_kd² = A_k G A_kᵀ.</summary>
        private static (Tensor Mean, Tensor Deviation) Moments(Tensor attention, Tensor regions)
        {
            using var constants = no_grad();
            var visual = regions.shape[2];
            var weights = attention.transpose(0, 1);                                          // [batch, attributes, regions]
            var gram = regions.bmm(regions.transpose(1, 2)).to(float32);                      // [batch, regions, regions]
            var mean = (weights.mean([1]) * regions.to(float32).mean([2])).sum(-1).mean();    // over batch, attributes, visual
            var square = (weights.bmm(gram) * weights).sum(-1).mean() / visual;
            return (mean, (square - mean * mean).clamp_min(0).sqrt());
        }
    }
}
