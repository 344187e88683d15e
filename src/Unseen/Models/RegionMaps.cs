using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>
/// Maps of attribute vectors over image regions, the core that all attention methods share. Instead of one batched product per map, the
/// projections of all maps are stacked and multiplied with the regions of the whole batch in one matrix product, so that no
/// [batch, attributes, visual] tensor is ever built.
/// </summary>
public static class RegionMaps
{
    /// <summary>Computes map_j[k, b, r] = projection_j[k] · region[b, r] for every projection.</summary>
    /// <param name="regions">Region features [batch, regions, visual], 32-bit or bfloat16. Constants: no gradient flows into them.</param>
    /// <param name="projections">Projections [attributes, visual], folded from attribute vectors and weights.</param>
    /// <returns>One map [attributes, batch, regions] per projection, 32-bit, contiguous in regions.</returns>
    /// <exception cref="ShapeException">The visual widths differ.</exception>
    public static Tensor[] Compute(Tensor regions, params IReadOnlyList<Tensor> projections) =>
        Compute(regions, Stack(projections), [.. projections.Select(p => p.shape[0])]);

    /// <summary>Computes the maps of projections that were stacked before, for a model that does not change any more.</summary>
    /// <param name="regions">Region features [batch, regions, visual], 32-bit or bfloat16.</param>
    /// <param name="stacked">All projections [maps·attributes, visual].</param>
    /// <param name="rows">Rows of each projection.</param>
    /// <returns>One map [attributes, batch, regions] per projection, 32-bit, contiguous in regions.</returns>
    /// <exception cref="ShapeException">The visual widths differ.</exception>
    internal static Tensor[] Compute(Tensor regions, Tensor stacked, long[] rows)
    {
        Shape.Require(regions, nameof(regions), -1, -1, stacked.shape[1]);
        var (batch, count) = (regions.shape[0], regions.shape[1]);
        var flat = regions.reshape(batch * count, -1);                                  // [batch·regions, visual]
        var maps = stacked.to(regions.dtype).mm(flat.t()).to(float32);                  // [maps·attributes, batch·regions]
        return [.. maps.view(-1, batch, count).split(rows)];
    }

    /// <summary>Projections one below the other [maps·attributes, visual].</summary>
    internal static Tensor Stack(IReadOnlyList<Tensor> projections) => projections.Count == 1 ? projections[0] : cat([.. projections]);

    /// <summary>
    /// The attended map, Σ_r A_kr S_kr: what scoring the attended features Σ_r A_kr f_r gives, without building them.
    /// </summary>
    /// <param name="attention">Attention A [attributes, batch, regions], or of a shape that broadcasts to it.</param>
    /// <param name="scores">Score map S [attributes, batch, regions].</param>
    /// <returns>[batch, attributes].</returns>
    public static Tensor Attend(Tensor attention, Tensor scores) => (attention * scores).sum(-1).t();
}
