namespace Unseen.Features;

/// <summary>
/// How one picture's output of a backbone becomes [regions, visual]: transposed maps, averaged maps, tokens, or a global feature.
/// </summary>
internal sealed class OutputLayout
{
    private readonly FeatureGrid source;
    private readonly int dropTokens;
    private readonly bool channelsFirst;

    private OutputLayout(FeatureGrid? grid, FeatureGrid source, int visual, int dropTokens, bool channelsFirst) =>
        (Grid, this.source, Visual, this.dropTokens, this.channelsFirst) = (grid, source, visual, dropTokens, channelsFirst);

    /// <summary>Grid of the result, or null for a global feature.</summary>
    public FeatureGrid? Grid { get; }

    /// <summary>Length of a feature.</summary>
    public int Visual { get; }

    /// <summary>Floats of one picture before the conversion.</summary>
    public int SourceLength => (source.Regions + dropTokens) * Visual;

    /// <summary>Works out the layout from the shape the model gave for one picture; never guesses for tokens.</summary>
    public static OutputLayout Resolve(string model, IReadOnlyList<long> shape, FeatureGrid? grid, int? dropTokens)
    {
        if (shape.Any(axis => axis is < 1 or > int.MaxValue) || shape.Aggregate(1.0, (a, b) => a * b) > int.MaxValue / 4)
            throw Wrong(model, shape, "which is empty or too large");
        return shape.Count switch
        {
            2 => Global(model, shape, grid, dropTokens),
            3 => Tokens(model, shape, grid, dropTokens ?? 0),
            4 => Maps(model, shape, grid, dropTokens),
            _ => throw Wrong(model, shape, "expected [batch, visual, height, width], [batch, tokens, visual] or [batch, visual]"),
        };
    }

    /// <summary>Converts one picture.</summary>
    /// <param name="raw">Output of the model, <see cref="SourceLength"/> floats.</param>
    /// <param name="features">Receives [regions, visual].</param>
    public void Convert(ReadOnlySpan<float> raw, Span<float> features)
    {
        if (!channelsFirst) raw.Slice(dropTokens * Visual, source.Regions * Visual).CopyTo(features);
        else if (Grid is { } grid && grid != source) Pool(raw, features, grid);
        else Transpose(raw, features, Visual, source.Regions);
    }

    private static OutputLayout Global(string model, IReadOnlyList<long> shape, FeatureGrid? grid, int? dropTokens) =>
        grid is null && dropTokens is null or 0
            ? new(null, new(1, 1), (int)shape[1], 0, channelsFirst: false)
            : throw Wrong(model, shape, "one global feature per picture: leave out --grid and --drop-tokens");

    private static OutputLayout Tokens(string model, IReadOnlyList<long> shape, FeatureGrid? grid, int dropTokens)
    {
        if (grid is not { } tokens)
            throw Wrong(model, shape,
                $"a sequence of {shape[1]} tokens, and nothing says how they lie. Give --grid HxW, and --drop-tokens N for class " +
                "tokens at its start");
        if (dropTokens < 0 || tokens.Regions + dropTokens != shape[1])
            throw Wrong(model, shape,
                $"{shape[1]} tokens, but grid {tokens} with {dropTokens} dropped tokens makes {tokens.Regions + dropTokens}. Correct " +
                "--grid or --drop-tokens");
        return new(tokens, tokens, (int)shape[2], dropTokens, channelsFirst: false);
    }

    private static OutputLayout Maps(string model, IReadOnlyList<long> shape, FeatureGrid? grid, int? dropTokens)
    {
        if (dropTokens is not (null or 0)) throw Wrong(model, shape, "maps, not tokens: leave out --drop-tokens");
        var source = new FeatureGrid((int)shape[2], (int)shape[3]);
        if (grid is { } wanted && (wanted.Height > source.Height || wanted.Width > source.Width))
            throw Wrong(model, shape, $"a grid of {source}, which cannot be averaged to the larger grid {wanted}");
        if (source.Regions == 1) return new(null, source, (int)shape[1], 0, channelsFirst: true);
        return new(grid ?? source, source, (int)shape[1], 0, channelsFirst: true);
    }

    /// <summary>Adaptive average pooling: a region averages the source cells that it touches.</summary>
    private void Pool(ReadOnlySpan<float> raw, Span<float> features, FeatureGrid grid)
    {
        for (var region = 0; region < grid.Regions; region++)
        {
            var (top, bottom) = Cells(region / grid.Width, source.Height, grid.Height);
            var (left, right) = Cells(region % grid.Width, source.Width, grid.Width);
            var average = 1f / ((bottom - top) * (right - left));
            for (var channel = 0; channel < Visual; channel++)
            {
                var sum = 0f;
                for (var y = top; y < bottom; y++)
                    foreach (var value in raw.Slice((channel * source.Regions) + (y * source.Width) + left, right - left)) sum += value;
                features[(region * Visual) + channel] = sum * average;
            }
        }
    }

    private static (int First, int End) Cells(int index, int from, int to) => (index * from / to, (((index + 1) * from) + to - 1) / to);

    /// <summary>[rows, columns] to [columns, rows] in blocks that stay in the first-level cache.</summary>
    private static void Transpose(ReadOnlySpan<float> from, Span<float> to, int rows, int columns)
    {
        const int block = 16;
        for (var top = 0; top < rows; top += block)
            for (var column = 0; column < columns; column++)
            {
                var target = to.Slice((column * rows) + top, Math.Min(block, rows - top));
                for (var i = 0; i < target.Length; i++) target[i] = from[((top + i) * columns) + column];
            }
    }

    private static DatasetFormatException Wrong(string model, IReadOnlyList<long> shape, string what) =>
        new(model, $"the output has shape [{string.Join(", ", shape)}] for one picture: {what}.");
}
