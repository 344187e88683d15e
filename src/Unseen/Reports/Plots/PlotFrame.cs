using System.Globalization;

namespace Unseen.Reports.Plots;

/// <summary>The rectangle of a line plot: scales, grid and axis titles.</summary>
internal sealed class PlotFrame
{
    public const double Width = 640, Height = 340, Left = 58, Right = 16, Top = 12, Bottom = 46;
    private readonly double[] xTicks;
    private readonly double[] yTicks;

    public PlotFrame(double minimumX, double maximumX, double minimumY, double maximumY)
    {
        (xTicks, yTicks) = (Ticks(minimumX, maximumX), Ticks(minimumY, maximumY));
        (MinimumX, MaximumX) = (Math.Min(minimumX, xTicks[0]), Math.Max(maximumX, xTicks[^1]));
        (MinimumY, MaximumY) = (Math.Min(minimumY, yTicks[0]), Math.Max(maximumY, yTicks[^1]));
    }

    public double MinimumX { get; }

    public double MaximumX { get; }

    public double MinimumY { get; }

    public double MaximumY { get; }

    public double X(double value) => Left + (value - MinimumX) / (MaximumX - MinimumX) * (Width - Left - Right);

    public double Y(double value) => Height - Bottom - (value - MinimumY) / (MaximumY - MinimumY) * (Height - Top - Bottom);

    /// <summary>Grid lines, tick labels and axis titles.</summary>
    public Markup Draw(string xTitle, string yTitle) => Markup.Of($"""
        {Markup.Each(yTicks, YTick)}
        {Markup.Each(xTicks, XTick)}
        <path class="axis" fill="none" d="M{Left} {Top}V{Height - Bottom}H{Width - Right}"/>
        <text text-anchor="middle" x="{(Left + Width - Right) / 2}" y="{Height - 8}">{xTitle}</text>
        <text text-anchor="middle" transform="translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)">{yTitle}</text>
        """);

    private Markup YTick(double value) => Markup.Of($"""
        <line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(value):0.#}" y2="{Y(value):0.#}"/>
        <text class="muted" text-anchor="end" x="{Left - 6}" y="{Y(value) + 4:0.#}">{Label(value)}</text>
        """);

    private Markup XTick(double value) => Markup.Of($"""
        <line class="grid" x1="{X(value):0.#}" x2="{X(value):0.#}" y1="{Top}" y2="{Height - Bottom}"/>
        <text class="muted" text-anchor="middle" x="{X(value):0.#}" y="{Height - Bottom + 16}">{Label(value)}</text>
        """);

    /// <summary>About five round numbers that span the range.</summary>
    internal static double[] Ticks(double minimum, double maximum)
    {
        if (!(maximum - minimum > 1e-12)) (minimum, maximum) = (minimum - 0.5, minimum + 0.5);
        var rough = (maximum - minimum) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var (first, last) = ((long)Math.Floor(minimum / step + 1e-9), (long)Math.Ceiling(maximum / step - 1e-9));
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }

    private static string Label(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
