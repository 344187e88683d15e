using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>Cuts grids of tokens into windows, joins them again, and says what attention inside of a window adds to its scores.</summary>
/// <param name="window">Height and width of a window, in tokens.</param>
internal sealed class SwinWindows(long window)
{
    private readonly long[] relative = RelativePositions(window);

    /// <summary>Cuts a grid, after a cyclic shift to the top left, into windows.</summary>
    /// <param name="x">[batch, rows, columns, width].</param>
    /// <param name="shift">Tokens to shift by.</param>
    /// <returns>[batch·windows, window², width], and the size of the padded grid.</returns>
    public (Tensor Windows, (long Rows, long Columns) Grid) Cut(Tensor x, long shift)
    {
        x = Pad(x, Missing(x.shape[1]), Missing(x.shape[2]));
        var (batch, rows, columns) = (x.shape[0], x.shape[1], x.shape[2]);
        if (shift > 0) x = x.roll([-shift, -shift], [1, 2]);
        var cut = x.reshape(batch, rows / window, window, columns / window, window, -1).permute(0, 1, 3, 2, 4, 5);
        return (cut.reshape(-1, window * window, x.shape[3]), (rows, columns));
    }

    /// <summary>Undoes <see cref="Cut"/>, but for the padding [batch, rows, columns, width].</summary>
    public Tensor Join(Tensor cut, (long Rows, long Columns) grid, long shift)
    {
        var width = cut.shape[2];
        var x = cut.reshape(-1, grid.Rows / window, grid.Columns / window, window, window, width).permute(0, 1, 3, 2, 4, 5)
            .reshape(-1, grid.Rows, grid.Columns, width);
        return shift > 0 ? x.roll([shift, shift], [1, 2]) : x;
    }

    /// <summary>
    /// The learned bias of each relative position, and for shifted windows the lowest float between tokens that only the shift brought
    /// together: [1 or batch·windows, heads, window², window²].
    /// </summary>
    /// <param name="table">[(2·window - 1)², heads].</param>
    /// <param name="grid">Size of the padded grid.</param>
    /// <param name="batch">Pictures.</param>
    /// <param name="shift">Tokens that the windows are shifted by.</param>
    public Tensor Bias(Tensor table, (long Rows, long Columns) grid, long batch, long shift)
    {
        var places = window * window;
        var learned = table.index_select(0, tensor(relative)).view(places, places, -1).permute(2, 0, 1).unsqueeze(0);
        if (shift == 0) return learned;                                                            // [1, heads, window², window²]
        var rowRegions = Regions(grid.Rows, shift).unsqueeze(1);
        var regions = (rowRegions * 3 + Regions(grid.Columns, shift)).view(1, grid.Rows, grid.Columns, 1);
        var cut = Cut(regions, 0).Windows.squeeze(2);                                              // [windows, window²]
        var apart = cut.unsqueeze(1).ne(cut.unsqueeze(2)).unsqueeze(1);                            // [windows, 1, window², window²]
        var bias = learned.masked_fill(apart, float.MinValue);
        return bias.unsqueeze(0).expand(batch, -1, -1, -1, -1).reshape(-1, bias.shape[1], places, places);
    }

    /// <summary>Adds zeros at the bottom and the right.</summary>
    public static Tensor Pad(Tensor x, long rows, long columns) =>
        rows == 0 && columns == 0 ? x : nn.functional.pad(x, [0, 0, 0, columns, 0, rows]);

    /// <summary>Tokens up to the next multiple of the window.</summary>
    private long Missing(long size) => (window - (size % window)) % window;

    /// <summary>0, 1, 2 for the places that were apart before the shift [size].</summary>
    private Tensor Regions(long size, long shift) =>
        cat([zeros(size - window, int64), ones(window - shift, int64), full(shift, 2, int64)]);

    /// <summary>Row of the table for each pair of places in a window, row-major.</summary>
    private static long[] RelativePositions(long window) =>
        [.. from a in Places(window) from b in Places(window)
            select (a.Row - b.Row + window - 1) * (2 * window - 1) + (a.Column - b.Column + window - 1)];

    private static IEnumerable<(long Row, long Column)> Places(long window) =>
        Enumerable.Range(0, (int)(window * window)).Select(place => (place / window, place % window));
}
