namespace Unseen.Reports.Plots;

/// <summary>Points of one class: circles, or triangles when <paramref name="Triangles"/>.</summary>
/// <param name="Name">Legend text.</param>
/// <param name="Points">Places in data units.</param>
/// <param name="Colour">Index of the colour.</param>
/// <param name="Triangles">Shape of the markers.</param>
internal sealed record PointGroup(string Name, IReadOnlyList<(double X, double Y)> Points, int Colour, bool Triangles);

/// <summary>Points over common axes; colour tells classes apart, shape the two kinds of classes. The legend has a column per shape.</summary>
internal static class ScatterPlot
{
    private const double LegendRow = 18, LegendColumn = 290;
    private const int LongestLabel = 40;

    public static Markup Draw(
        PlotFrame frame, (string X, string Y) axes, (string Circles, string Triangles) legend, IReadOnlyList<PointGroup> groups,
        out double height)
    {
        var (circles, triangles) = (groups.Where(g => !g.Triangles).ToList(), groups.Where(g => g.Triangles).ToList());
        height = PlotFrame.Height + (1 + Math.Max(circles.Count, triangles.Count)) * LegendRow + 10;
        return Markup.Join([
            frame.Draw(axes.X, axes.Y), .. groups.Select(g => Points(frame, g)),
            Legend(PlotFrame.Left, legend.Circles, circles), Legend(PlotFrame.Left + LegendColumn, legend.Triangles, triangles)]);
    }

    private static Markup Points(PlotFrame frame, PointGroup group) => Markup.Of($"""
        <g class="points f{group.Colour}" fill-opacity="0.75"><title>{group.Name}</title>
        {Markup.Each(group.Points, p => Marker(frame.X(p.X), frame.Y(p.Y), group.Triangles))}
        </g>
        """);

    /// <summary>Both shapes cover about the same area.</summary>
    private static Markup Marker(double x, double y, bool triangle) => triangle
        ? Markup.Of($"""<path d="M{x:0.#} {y - 5:0.#}l4.8 8.3h-9.6z"/>""")
        : Markup.Of($"""<circle r="3.6" cx="{x:0.#}" cy="{y:0.#}"/>""");

    private static Markup Legend(double x, string title, List<PointGroup> groups) => groups.Count == 0 ? Markup.Empty : Markup.Of($"""
        <text class="muted" x="{x}" y="{PlotFrame.Height + 12}">{title}</text>
        {Markup.Each(groups.Index(), g => Markup.Of($"""
        <g class="f{g.Item.Colour}">{Marker(x + 6, RowOf(g.Index) - 4, g.Item.Triangles)}</g>
        <text x="{x + 18}" y="{RowOf(g.Index)}">{LinePlot.Shorten(g.Item.Name, LongestLabel)}</text>
        """))}
        """);

    private static double RowOf(int index) => PlotFrame.Height + 12 + (index + 1) * LegendRow;
}
