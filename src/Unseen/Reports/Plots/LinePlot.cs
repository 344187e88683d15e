namespace Unseen.Reports.Plots;

/// <summary>A line.</summary>
/// <param name="Name">Legend text.</param>
/// <param name="Points">Places in data units.</param>
/// <param name="Colour">Index of the colour.</param>
/// <param name="InLegend">False for the continuation of an earlier line.</param>
internal sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points, int Colour, bool InLegend = true);

/// <summary>A labelled point; the label stands to its lower left or upper right.</summary>
internal sealed record PlotMark(string Label, double X, double Y, int Colour, bool LabelAbove = false);

/// <summary>Lines over common axes with a legend below.</summary>
internal static class LinePlot
{
    // Dashes tell lines apart without colour.
    private static readonly string[] Dashes = ["", "7 3", "2 3", "9 3 2 3", "", "7 3", "2 3", "9 3 2 3"];
    private const double LegendRow = 18, LegendColumn = 190;
    private static readonly int LegendColumns = (int)((PlotFrame.Width - PlotFrame.Left) / LegendColumn);

    public static Markup Draw(
        PlotFrame frame, string xTitle, string yTitle, IReadOnlyList<LineSeries> series, IReadOnlyList<PlotMark> marks, out double height)
    {
        var legend = series.Where(s => s.InLegend).ToList();
        height = PlotFrame.Height + Math.Ceiling((double)legend.Count / LegendColumns) * LegendRow + 6;
        return Markup.Join(
            [frame.Draw(xTitle, yTitle), .. series.Select(s => Line(frame, s)), .. marks.Select(m => Mark(frame, m)), Legend(legend)]);
    }

    private static Markup Line(PlotFrame frame, LineSeries series)
    {
        var points = Markup.Each(series.Points, p => Markup.Of($"{frame.X(p.X):0.#},{frame.Y(p.Y):0.#} "));
        var line = Markup.Of($"""<polyline class="line c{series.Colour}" stroke-dasharray="{Dashes[series.Colour]}" points="{points}"/>""");
        return series.Points.Count > 1 ? line
            : Markup.Each(series.Points, p => Markup.Of(
                $"""<circle class="f{series.Colour}" r="3" cx="{frame.X(p.X):0.#}" cy="{frame.Y(p.Y):0.#}"/>"""));
    }

    private static Markup Mark(PlotFrame frame, PlotMark mark)
    {
        var (x, y) = (frame.X(mark.X), frame.Y(mark.Y));
        var (anchor, labelX, labelY) = mark.LabelAbove ? ("start", x + 9, y - 6) : ("end", x - 9, y + 18);
        return Markup.Of($"""
            <circle class="mark f{mark.Colour}" r="5" cx="{x:0.#}" cy="{y:0.#}"/>
            <text text-anchor="{anchor}" x="{labelX:0.#}" y="{labelY:0.#}">{mark.Label}</text>
            """);
    }

    private static Markup Legend(IReadOnlyList<LineSeries> series) => Markup.Each(series.Index(), entry =>
    {
        var x = PlotFrame.Left + entry.Index % LegendColumns * LegendColumn;
        var y = PlotFrame.Height + entry.Index / LegendColumns * LegendRow + 8;
        var (series, dash) = (entry.Item, Dashes[entry.Item.Colour]);
        return Markup.Of($"""
            <line class="line c{series.Colour}" stroke-dasharray="{dash}" x1="{x}" x2="{x + 26}" y1="{y}" y2="{y}"/>
            <text x="{x + 32}" y="{y + 4}">{Shorten(series.Name, 26)}</text>
            """);
    });

    /// <summary>Cuts a long name; the full one stands in the tables.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}
