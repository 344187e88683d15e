using System.Numerics.Tensors;
using Unseen.Features;

namespace Unseen.Data;

/// <summary>
/// Averages a grid of regions to a smaller grid. Output cell i covers input cells floor(i·n/m) up to, not including, ceil((i+1)·n/m)
/// per axis (adaptive average pooling), so equal grids stay as they are and halves average 2x2 cells.
/// </summary>
internal sealed class RegionPooling
{
    private readonly int[][] cells;

    public RegionPooling(FeatureGrid from, FeatureGrid to)
    {
        cells = new int[to.Regions][];
        for (var y = 0; y < to.Height; y++)
            for (var x = 0; x < to.Width; x++)
            {
                var columns = Covered(x, from.Width, to.Width).ToArray();
                cells[y * to.Width + x] = [.. Covered(y, from.Height, to.Height).SelectMany(row => columns.Select(column => row * from.Width + column))];
            }
    }

    private static IEnumerable<int> Covered(int index, int from, int to)
    {
        var start = index * from / to;
        return Enumerable.Range(start, ((index + 1) * from + to - 1) / to - start);
    }

    /// <summary>Averages raw regions [input regions, visual] into one output region [visual].</summary>
    public void Average(ReadOnlySpan<float> regions, int visual, int output, Span<float> destination)
    {
        var inputs = cells[output];
        regions.Slice(inputs[0] * visual, visual).CopyTo(destination);
        foreach (var input in inputs.AsSpan(1)) TensorPrimitives.Add(destination, regions.Slice(input * visual, visual), destination);
        if (inputs.Length > 1) TensorPrimitives.Multiply(destination, 1f / inputs.Length, destination);
    }

    /// <summary>Averages all regions [regions, visual] into one vector [visual].</summary>
    public static void AverageAll(ReadOnlySpan<float> regions, int visual, Span<float> destination)
    {
        destination.Clear();
        for (var start = 0; start < regions.Length; start += visual)
            TensorPrimitives.Add(destination, regions.Slice(start, visual), destination);
        TensorPrimitives.Multiply(destination, (float)visual / regions.Length, destination);
    }
}
