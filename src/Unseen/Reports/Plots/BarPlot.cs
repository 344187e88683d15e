namespace Unseen.Reports.Plots;

/// <summary>A horizontal bar.</summary>
/// <param name="Name">Label at the left.</param>
/// <param name="Fraction">Length, 0..1.</param>
/// <param name="Text">Text at the end of the bar.</param>
/// <param name="Colour">Index of the colour.</param>
internal sealed record Bar(string Name, double Fraction, string Text, int Colour);

/// <summary>Horizontal bars with labels.</summary>
internal static class BarPlot
{
    private const double Labels = 200, Row = 18, End = 46;
    private const int LongestLabel = 30;

    public static Markup Draw(IReadOnlyList<Bar> bars, IReadOnlyList<string> legend, out double height)
    {
        height = (bars.Count + 1) * Row + 14;
        var key = Markup.Each(legend.Index(), entry => Markup.Of(
            $"""
            <rect class="f{entry.Index}" x="{Labels + entry.Index * 160}" y="2" width="12" height="12"/>
            <text x="{Labels + 18 + entry.Index * 160}" y="12">{entry.Item}</text>
            """));
        return Markup.Of($"{key}{Markup.Each(bars.Index(), bar => Draw(bar.Item, (bar.Index + 1) * Row + 6))}");
    }

    private static Markup Draw(Bar bar, double y)
    {
        var width = Math.Clamp(bar.Fraction, 0, 1) * (PlotFrame.Width - Labels - End);
        return Markup.Of($"""
            <text text-anchor="end" x="{Labels - 8}" y="{y + 12}">{LinePlot.Shorten(bar.Name, LongestLabel)}</text>
            <line class="grid" x1="{Labels}" x2="{PlotFrame.Width - End}" y1="{y + 8}" y2="{y + 8}"/>
            <rect class="f{bar.Colour}" x="{Labels}" y="{y + 2}" width="{width:0.#}" height="13" rx="2"/>
            <text class="muted" x="{Labels + width + 6:0.#}" y="{y + 12}">{bar.Text}</text>
            """);
    }
}
