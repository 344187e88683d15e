using System.Globalization;
using System.Numerics.Tensors;
using Unseen.Features;

namespace Unseen.Data;

/// <summary>
/// Joins raw features of one picture from one or more backbones, the same way for stores and for pictures at prediction: regions are
/// averaged to one grid, L2-normalised per backbone, multiplied by its weight and concatenated, so that a joined region has length 1.
/// </summary>
internal sealed class FeatureJoin
{
    private const float Epsilon = 1e-12f;

    private readonly FeaturePart[] parts;
    private readonly RegionPooling?[] poolings; // per part: null when regions are used as they are
    private readonly float[] lengths;           // per part: length of its part of a joined region
    private readonly int[] offsets;             // per part: first column of a joined region
    private readonly int visual;

    /// <summary>Plans the join.</summary>
    /// <param name="parts">What is joined, in order; at least one.</param>
    /// <param name="grid">Grid to average the regions to, or null for the smallest grid of the parts.</param>
    /// <param name="weights">Weight of each part's regions, above 0; empty for equal weights.</param>
    /// <exception cref="DatasetFormatException">Regions cannot be averaged to the grid.</exception>
    /// <exception cref="ConfigurationException">Not one weight above 0 per part.</exception>
    public FeatureJoin(IReadOnlyList<FeaturePart> parts, FeatureGrid? grid, IReadOnlyList<double> weights)
    {
        lengths = Lengths(parts.Count, weights);
        this.parts = [.. parts];
        Grid = grid ?? parts.Select(p => p.Grid).Where(g => g is not null).MinBy(g => g!.Value.Regions);
        poolings = [.. parts.Select(Pooling)];
        Regions = Grid?.Regions ?? 1;
        offsets = [.. parts.Select((_, p) => parts.Take(p).Sum(before => before.Visual))];
        visual = parts.Sum(p => p.Visual);
    }

    /// <summary>Regions of a joined picture; 1 when the features are global.</summary>
    public int Regions { get; }

    /// <summary>Grid of the joined regions, or null.</summary>
    public FeatureGrid? Grid { get; }

    /// <summary>Puts the raw regions of one part [its regions, its visual] into the joined regions [regions, visual].</summary>
    public void AddRegions(int part, ReadOnlySpan<float> raw, Span<float> joined)
    {
        if (parts[part].Grid is null != Grid is null) throw CannotPool(parts[part]);      // global features have no regions, but a mean
        var width = parts[part].Visual;
        for (var region = 0; region < Regions; region++)
        {
            var target = joined.Slice(region * visual + offsets[part], width);
            if (poolings[part] is { } pooling) pooling.Average(raw, width, region, target);
            else raw.Slice(region * width, width).CopyTo(target);
            TensorPrimitives.Multiply(target, lengths[part] / Math.Max(TensorPrimitives.Norm<float>(target), Epsilon), target);
        }
    }

    /// <summary>Puts the mean of one part's raw regions into the joined global feature [visual].</summary>
    public void AddGlobal(int part, ReadOnlySpan<float> raw, Span<float> joined) =>
        RegionPooling.AverageAll(raw, parts[part].Visual, joined.Slice(offsets[part], parts[part].Visual));

    private static float[] Lengths(int parts, IReadOnlyList<double> weights)
    {
        if (weights.Count == 0) weights = [.. Enumerable.Repeat(1.0, parts)];
        if (weights.Count != parts || weights.Any(w => !double.IsFinite(w) || w <= 0))
            throw new ConfigurationException([$"featureWeights must have one number above 0 for each of the {parts} feature stores, found "
                + $"[{string.Join(", ", weights.Select(w => w.ToString(CultureInfo.InvariantCulture)))}]."]);
        var norm = Math.Sqrt(weights.Sum(w => w * w));
        return [.. weights.Select(w => (float)(w / norm))];
    }

    private RegionPooling? Pooling(FeaturePart part)
    {
        if (part.Grid is not { } from || Grid is not { } to || from == to) return null;
        if (from.Height < to.Height || from.Width < to.Width) throw CannotPool(part);
        return new RegionPooling(from, to);
    }

    private DatasetFormatException CannotPool(FeaturePart part) => new(part.Name,
        $"the regions ({part.Grid?.ToString() ?? "no grid"}) cannot be averaged to the grid {Grid}. Expected a grid at least as large.");
}

/// <summary>One part of joined features.</summary>
/// <param name="Name">File of the store or backbone, for messages.</param>
/// <param name="Grid">Grid of its regions, or null when it is global.</param>
/// <param name="Visual">Length of its features.</param>
internal sealed record FeaturePart(string Name, FeatureGrid? Grid, int Visual);
