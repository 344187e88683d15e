using SkiaSharp;

namespace Unseen.Reports.Plots;

/// <summary>A matrix as colours: an embedded picture with one pixel per cell, so that 40,000 cells stay small.</summary>
internal static class HeatMapPlot
{
    private const double Left = 150, Top = 26, LegendHeight = 44, Wide = 470, MostLabels = 45;
    private const int LongestLabel = 22, LegendSteps = 40;
    private static readonly SKColor Ink = new(30, 136, 229);    // shown through its opacity: reads on light and on dark

    /// <summary>Draws the matrix; seen rows and columns must come first.</summary>
    /// <param name="values">Values [rows][columns], 0..1 after division by <paramref name="full"/>.</param>
    /// <param name="full">Value of the full colour; larger ones are cut.</param>
    /// <param name="rows">Row names.</param>
    /// <param name="columns">Column names.</param>
    /// <param name="seenRows">Number of seen rows, drawn above a dividing line.</param>
    /// <param name="seenColumns">Number of seen columns, drawn left of a dividing line; 0 when columns are no classes.</param>
    /// <param name="fullLabel">Legend text at the full colour.</param>
    /// <param name="height">Height of the plot.</param>
    public static Markup Draw(
        IReadOnlyList<IReadOnlyList<double>> values, double full, IReadOnlyList<string> rows, IReadOnlyList<string> columns,
        int seenRows, int seenColumns, string fullLabel, out double height)
    {
        var cell = Math.Clamp(Wide / columns.Count, 0.5, 24);
        var rowHeight = Math.Clamp(Wide / rows.Count, 2, 16);
        var (wide, high) = (cell * columns.Count, rowHeight * rows.Count);
        var labels = columns.Count <= MostLabels;
        var labelHeight = labels ? 24 + 5.2 * Math.Min(LongestLabel, columns.Max(c => c.Length)) : 0;    // slanted text
        height = Top + high + labelHeight + LegendHeight;
        return Markup.Of($"""
            <image x="{Left}" y="{Top}" width="{wide:0.##}" height="{high:0.##}" preserveAspectRatio="none"
            style="image-rendering:pixelated" href="data:image/png;base64,{Picture(values, full)}"/>
            <rect class="axis" fill="none" x="{Left}" y="{Top}" width="{wide:0.##}" height="{high:0.##}"/>
            {Markup.When(seenRows > 0 && seenRows < rows.Count, RowDivider(seenRows * rowHeight, wide))}
            {Markup.When(seenColumns > 0 && seenColumns < columns.Count, ColumnDivider(seenColumns * cell, high))}
            {RowLabels(rows, rowHeight, seenRows)}
            {Markup.When(labels, ColumnLabels(columns, cell, Top + high))}
            {Legend(height - 16, fullLabel)}
            """);
    }

    private static Markup RowDivider(double seenHigh, double wide) => Markup.Of(
        $"""<line class="mark" x1="{Left}" x2="{Left + wide:0.##}" y1="{Top + seenHigh:0.##}" y2="{Top + seenHigh:0.##}"/>""");

    private static Markup ColumnDivider(double seenWide, double high) => Markup.Of($"""
        <line class="mark" y1="{Top}" y2="{Top + high:0.##}" x1="{Left + seenWide:0.##}" x2="{Left + seenWide:0.##}"/>
        <text x="{Left}" y="{Top - 8}">seen</text><text x="{Left + seenWide + 4:0.##}" y="{Top - 8}">unseen</text>
        """);

    private static Markup RowLabels(IReadOnlyList<string> rows, double rowHeight, int seenRows)
    {
        if (rowHeight >= 10)
            return Markup.Each(rows.Index(), row => Markup.Of(
                $"""
                <text font-size="10" text-anchor="end" x="{Left - 6}"
                y="{Top + (row.Index + 0.5) * rowHeight + 4:0.#}">{LinePlot.Shorten(row.Item, 26)}</text>
                """));
        Markup Label(string text, double middle) => Markup.Of(
            $"""<text text-anchor="end" x="{Left - 8}" y="{Top + middle * rowHeight + 4:0.#}">{text}</text>""");
        return Markup.Join([
            seenRows > 0 ? Label($"seen ({seenRows})", seenRows / 2.0) : Markup.Empty,
            seenRows < rows.Count ? Label($"unseen ({rows.Count - seenRows})", (seenRows + rows.Count) / 2.0) : Markup.Empty]);
    }

    private static Markup ColumnLabels(IReadOnlyList<string> columns, double cell, double y) => Markup.Each(columns.Index(), column =>
        Markup.Of($"""
        <text font-size="10" text-anchor="end"
        transform="translate({Left + (column.Index + 0.5) * cell + 3:0.#} {y + 6:0.#}) rotate(-60)">
        {LinePlot.Shorten(column.Item, LongestLabel)}</text>
        """));

    private static Markup Legend(double y, string fullLabel) => Markup.Of($"""
        <text class="muted" text-anchor="end" x="{Left - 6}" y="{y + 10}">0</text>
        {Markup.Each(Enumerable.Range(0, LegendSteps), step => Markup.Of($"""
        <rect x="{Left + step * 4}" y="{y}" width="4.2" height="12" fill="rgb({Ink.Red},{Ink.Green},{Ink.Blue})"
        fill-opacity="{Opacity(step / (LegendSteps - 1.0)) / 255.0:0.##}"/>
        """))}
        <text class="muted" x="{Left + 168}" y="{y + 10}">{fullLabel}</text>
        """);

    /// <summary>Square root: small values stay visible.</summary>
    private static byte Opacity(double fraction) => (byte)Math.Round(255 * Math.Sqrt(Math.Clamp(fraction, 0, 1)));

    private static string Picture(IReadOnlyList<IReadOnlyList<double>> values, double full)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(values[0].Count, values.Count, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var y = 0; y < values.Count; y++)
            for (var x = 0; x < values[0].Count; x++)
                bitmap.SetPixel(x, y, Ink.WithAlpha(Opacity(full > 0 ? values[y][x] / full : 0)));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return Convert.ToBase64String(data.Span);
    }
}
