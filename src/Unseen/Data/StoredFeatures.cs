using System.Buffers;
using System.Numerics.Tensors;
using Unseen.Features;

namespace Unseen.Data;

/// <summary>
/// Features of a dataset's images from one or more stores, joined by file name. Regions are averaged to the smallest grid, L2-normalised
/// per store, multiplied by the store's weight and concatenated along the visual axis; the weights are scaled so that a joined region has
/// length 1 as well, since the methods' settings hold for unit regions. Every read goes to the memory maps, and refuses a picture whose
/// features are not finite numbers.
/// </summary>
public sealed class StoredFeatures : IFeatureSource, IDisposable
{
    private readonly FeatureStore[] stores;
    private readonly int[][] rows;              // per store: row of each image
    private readonly FeatureJoin join;

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
        join = new FeatureJoin([.. stores.Select(s => new FeaturePart(s.Path, s.Grid, s.Visual))], grid, Weights);
        this.stores = [.. stores];
        rows = [.. stores.Select(s => images.Select(i => RowOf(s, i.File)).ToArray())];
        Regions = Grid?.Regions ?? stores[0].Regions;
        VisualWidths = [.. stores.Select(s => s.Visual)];
    }

    /// <inheritdoc/>
    public int Regions { get; }

    /// <inheritdoc/>
    public FeatureGrid? Grid => join.Grid;

    /// <inheritdoc/>
    public IReadOnlyList<int> VisualWidths { get; }

    /// <summary>The stores, in order.</summary>
    public IReadOnlyList<FeatureStore> Stores => stores;

    /// <summary>Weights of the stores' regions as they were given; empty when they are equal.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <inheritdoc/>
    public void ReadRegions(int image, Span<float> destination)
    {
        for (var s = 0; s < stores.Length; s++)
        {
            var raw = Rent(s, image, out var values);
            join.AddRegions(s, values, destination);
            ArrayPool<float>.Shared.Return(raw);
        }
    }

    /// <inheritdoc/>
    public void ReadGlobal(int image, Span<float> destination)
    {
        for (var s = 0; s < stores.Length; s++)
        {
            var raw = Rent(s, image, out var values);
            join.AddGlobal(s, values, destination);
            ArrayPool<float>.Shared.Return(raw);
        }
    }

    /// <summary>Reads the raw features of an image into a rented array.</summary>
    private float[] Rent(int store, int image, out ReadOnlySpan<float> values)
    {
        var length = stores[store].Regions * stores[store].Visual;
        var raw = ArrayPool<float>.Shared.Rent(length);
        stores[store].Read(rows[store][image], raw.AsSpan(0, length));
        values = raw.AsSpan(0, length);
        if (!TensorPrimitives.IsFiniteAll(values)) throw NotFinite(stores[store], rows[store][image]);
        return raw;
    }

    private static DatasetFormatException NotFinite(FeatureStore store, int row) => new(store.Path,
        $"the features of picture '{store.Names[row]}' (row {row}) are not all finite numbers. Extract them again with a backbone that gives numbers.");

    private static int RowOf(FeatureStore store, string file) => store.RowOf(file) is >= 0 and var row
        ? row
        : throw new DatasetFormatException(store.Path, $"the store has no features of image '{file}' of the dataset. Extract the features of this dataset again.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var store in stores) store.Dispose();
    }
}
