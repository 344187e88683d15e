using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using Unseen.Features;

namespace Unseen.Data;

/// <summary>
/// Features of a dataset's images from one or more stores, joined by file name. Regions are averaged to the smallest grid, L2-normalised
/// per store, multiplied by the store's weight and concatenated along the visual axis; the weights are scaled so that a joined region has
/// length 1 as well, since the methods' settings hold for unit regions. Every read goes to the memory maps.
/// </summary>
public sealed class StoredFeatures : IFeatureSource, IDisposable
{
    private const float Epsilon = 1e-12f;

    private readonly FeatureStore[] stores;
    private readonly int[][] rows;              // per store: row of each image
    private readonly RegionPooling?[] poolings; // per store: null when regions are used as they are
    private readonly float[] lengths;           // per store: length of its part of a joined region

    /// <summary>Joins stores; the new object owns them.</summary>
    /// <param name="stores">At least one store.</param>
    /// <param name="images">Images of the dataset, in order.</param>
    /// <param name="grid">Grid to average the regions to, or null for the smallest grid of the stores.</param>
    /// <param name="weights">Weight of each store's regions, above 0; empty or null for equal weights. Global features are not weighted.</param>
    /// <exception cref="DatasetFormatException">A store lacks an image, or the stores' regions cannot be joined.</exception>
    /// <exception cref="ConfigurationException">Not one weight above 0 per store.</exception>
    public StoredFeatures(
        IReadOnlyList<FeatureStore> stores, IReadOnlyList<ImageEntry> images, FeatureGrid? grid = null, IReadOnlyList<double>? weights = null)
    {
        Weights = weights ?? [];
        lengths = Lengths(stores.Count, Weights);
        this.stores = [.. stores];
        rows = [.. stores.Select(s => images.Select(i => RowOf(s, i.File)).ToArray())];
        Grid = grid ?? stores.Select(s => s.Grid).Where(g => g is not null).MinBy(g => g!.Value.Regions);
        poolings = [.. stores.Select(Pooling)];
        Regions = Grid?.Regions ?? stores[0].Regions;
        VisualWidths = [.. stores.Select(s => s.Visual)];
    }

    /// <inheritdoc/>
    public int Regions { get; }

    /// <inheritdoc/>
    public FeatureGrid? Grid { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> VisualWidths { get; }

    /// <summary>The stores, in order.</summary>
    public IReadOnlyList<FeatureStore> Stores => stores;

    /// <summary>Weights of the stores' regions as they were given; empty when they are equal.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <inheritdoc/>
    public void ReadRegions(int image, Span<float> destination)
    {
        var visual = VisualWidths.Sum();
        var offset = 0;
        for (var s = 0; s < stores.Length; s++)
        {
            if (stores[s].Grid is null != Grid is null) throw CannotPool(stores[s]);          // global features have no regions, but a mean
            var width = stores[s].Visual;
            var raw = ArrayPool<float>.Shared.Rent(stores[s].Regions * width);
            var values = raw.AsSpan(0, stores[s].Regions * width);
            stores[s].Read(rows[s][image], values);
            for (var region = 0; region < Regions; region++)
            {
                var target = destination.Slice(region * visual + offset, width);
                if (poolings[s] is { } pooling) pooling.Average(values, width, region, target);
                else values.Slice(region * width, width).CopyTo(target);
                TensorPrimitives.Multiply(target, lengths[s] / Math.Max(TensorPrimitives.Norm<float>(target), Epsilon), target);
            }
            ArrayPool<float>.Shared.Return(raw);
            offset += width;
        }
    }

    /// <inheritdoc/>
    public void ReadGlobal(int image, Span<float> destination)
    {
        var offset = 0;
        for (var s = 0; s < stores.Length; s++)
        {
            var width = stores[s].Visual;
            var raw = ArrayPool<float>.Shared.Rent(stores[s].Regions * width);
            var values = raw.AsSpan(0, stores[s].Regions * width);
            stores[s].Read(rows[s][image], values);
            RegionPooling.AverageAll(values, width, destination.Slice(offset, width));
            ArrayPool<float>.Shared.Return(raw);
            offset += width;
        }
    }

    private static float[] Lengths(int stores, IReadOnlyList<double> weights)
    {
        if (weights.Count == 0) weights = [.. Enumerable.Repeat(1.0, stores)];
        if (weights.Count != stores || weights.Any(w => !double.IsFinite(w) || w <= 0))
            throw new ConfigurationException([$"featureWeights must have one number above 0 for each of the {stores} feature stores, found "
                + $"[{string.Join(", ", weights.Select(w => w.ToString(CultureInfo.InvariantCulture)))}]."]);
        var norm = Math.Sqrt(weights.Sum(w => w * w));
        return [.. weights.Select(w => (float)(w / norm))];
    }

    private static int RowOf(FeatureStore store, string file) => store.RowOf(file) is >= 0 and var row
        ? row
        : throw new DatasetFormatException(store.Path, $"the store has no features of image '{file}' of the dataset. Extract the features of this dataset again.");

    private RegionPooling? Pooling(FeatureStore store)
    {
        if (store.Grid is not { } from || Grid is not { } to || from == to) return null;
        if (from.Height < to.Height || from.Width < to.Width) throw CannotPool(store);
        return new RegionPooling(from, to);
    }

    private DatasetFormatException CannotPool(FeatureStore store) => new(store.Path,
        $"the regions ({store.Grid?.ToString() ?? "no grid"}) cannot be averaged to the grid {Grid}. Expected a grid at least as large.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in stores) store.Dispose();
    }
}
