using System.Globalization;

namespace Unseen.Reports;

/// <summary>A figure over seeds, as a fraction of 1 where it is an accuracy.</summary>
/// <param name="Mean">Mean over the seeds.</param>
/// <param name="Std">Sample standard deviation (n - 1) over the seeds; 0 with one seed, where it is unknown.</param>
public sealed record MeanStd(double Mean, double Std)
{
    /// <summary>The figure of a single seed; null stays null.</summary>
    public static MeanStd? Of(double? value) => value is { } v ? new(v, 0) : null;

    /// <summary>Mean and sample standard deviation of the values that are there; null when there is none.</summary>
    public static MeanStd? Over(IEnumerable<double?> values)
    {
        var present = values.OfType<double>().ToList();
        if (present.Count == 0) return null;
        var mean = present.Average();
        var squares = present.Sum(v => (v - mean) * (v - mean));
        return new(mean, present.Count == 1 ? 0 : Math.Sqrt(squares / (present.Count - 1)));
    }

    /// <summary>As percent with one decimal, with "± std" when asked for: "58.1 ± 0.4".</summary>
    public string ToPercent(bool withStd) => withStd ? $"{Percent(Mean)} ± {Percent(Std)}" : Percent(Mean);

    private static string Percent(double fraction) => (fraction * 100).ToString("0.0", CultureInfo.InvariantCulture);
}
