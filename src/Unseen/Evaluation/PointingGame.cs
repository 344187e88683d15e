namespace Unseen.Evaluation;

/// <summary>
/// The pointing game: does the attention of an attribute peak where its part really is? Counts images one by one and keeps no image.
/// </summary>
/// <remarks>
/// After Zhang et al., Top-down neural attention by excitation backprop, IJCV 2018, moved to the region grid. Rule: the peak hits when its
/// cell lies at most <c>tolerance</c> cells, horizontally, vertically or diagonally, from the cell that holds any of the attribute's
/// alternative part places. Equal peaks share the hit, so a flat map scores exactly chance. The centre baseline points at the centre cell,
/// or at the two or four around the centre of an even grid, which share the hit. Attributes without a visible part are not judged.
/// </remarks>
public sealed class PointingGame
{
    private readonly IReadOnlyList<string> groups;
    private readonly int height;
    private readonly int width;
    private readonly int tolerance;
    private readonly bool[] centre;
    private readonly Dictionary<string, Tally> tallies = new(StringComparer.Ordinal);

    /// <summary>Starts a game.</summary>
    /// <param name="groups">Group name of each attribute.</param>
    /// <param name="height">Rows of the region grid.</param>
    /// <param name="width">Columns of the region grid.</param>
    /// <param name="tolerance">Cells the peak may be off, 0 or more.</param>
    public PointingGame(IReadOnlyList<string> groups, int height, int width, int tolerance = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        (this.groups, this.height, this.width, this.tolerance) = (groups, height, width, tolerance);
        centre = [.. Cells(height, width).Select(cell => IsMiddle(cell.Row, height) && IsMiddle(cell.Column, width))];
    }

    /// <summary>Judges one image.</summary>
    /// <param name="attention">Attention [attributes, regions], regions row by row from the top left.</param>
    /// <param name="places">Per attribute its alternative part places that are visible in the image; none: the attribute is not
    /// judged.</param>
    /// <exception cref="ShapeException">Sizes do not fit the groups and the grid.</exception>
    public void Add(ReadOnlySpan<float> attention, IReadOnlyList<IReadOnlyList<PartPlace>> places)
    {
        var regions = height * width;
        if (attention.Length != groups.Count * regions || places.Count != groups.Count)
            throw new ShapeException($"Pointing game: expected {groups.Count} attributes x {height} x {width} regions = " +
                $"{groups.Count * regions} " +
                $"attention values and {groups.Count} lists of places, found {attention.Length} and {places.Count}.");
        for (var a = 0; a < groups.Count; a++)
            if (places[a].Count > 0) Judge(groups[a], attention.Slice(a * regions, regions), places[a]);
    }

    /// <summary>The figures so far: one row per group that was judged, in ordinal order of name, without the overall row.</summary>
    public IReadOnlyList<PointingGameRow> Groups =>
        [.. tallies.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value.ToRow(t.Key))];

    /// <summary>The figures so far over all attributes; rates are 0 when nothing was judged.</summary>
    public PointingGameRow Overall => tallies.Values.Aggregate(new Tally(), (sum, tally) => sum + tally).ToRow("all");

    private void Judge(string group, ReadOnlySpan<float> attention, IReadOnlyList<PartPlace> places)
    {
        var hits = HitCells(places);
        var largest = Largest(attention);
        var (peaks, hitPeaks, hitCells, hitCentre) = (0, 0, 0, 0);
        for (var r = 0; r < hits.Length; r++)
        {
            if (attention[r] == largest) peaks++;
            if (!hits[r]) continue;
            hitCells++;
            if (attention[r] == largest) hitPeaks++;
            if (centre[r]) hitCentre++;
        }
        tallies[group] = tallies.GetValueOrDefault(group) + new Tally(1, (double)hitPeaks / peaks, (double)hitCells / hits.Length,
            (double)hitCentre / centre.Count(c => c));
    }

    private bool[] HitCells(IReadOnlyList<PartPlace> places)
    {
        var hits = new bool[height * width];
        foreach (var place in places)
        {
            var (row, column) = (CellOf(place.Y, height), CellOf(place.X, width));
            for (var y = Math.Max(0, row - tolerance); y <= Math.Min(height - 1, row + tolerance); y++)
                for (var x = Math.Max(0, column - tolerance); x <= Math.Min(width - 1, column + tolerance); x++)
                    hits[y * width + x] = true;
        }
        return hits;
    }

    private static float Largest(ReadOnlySpan<float> attention)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in attention)
            largest = float.IsNaN(value)
                ? throw new UnseenException("Pointing game: the attention has NaN values. " +
                    "The model has diverged or its features are broken.")
                : Math.Max(largest, value);
        return largest;
    }

    private static int CellOf(float place, int cells) => Math.Clamp((int)(place * cells), 0, cells - 1);

    private static bool IsMiddle(int index, int count) => index == count / 2 || index == (count - 1) / 2;

    private static IEnumerable<(int Row, int Column)> Cells(int height, int width) =>
        Enumerable.Range(0, height).SelectMany(row => Enumerable.Range(0, width).Select(column => (row, column)));

    private readonly record struct Tally(int Judged, double Hits, double Chance, double Centre)
    {
        public static Tally operator +(Tally a, Tally b) =>
            new(a.Judged + b.Judged, a.Hits + b.Hits, a.Chance + b.Chance, a.Centre + b.Centre);

        public PointingGameRow ToRow(string group)
        {
            var count = Math.Max(1, Judged);
            return new(group, Judged, Hits / count, Chance / count, Centre / count);
        }
    }
}
