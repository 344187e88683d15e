using Unseen.Evaluation;

namespace Unseen.Reports;

/// <summary>The gamma behind the reported metrics.</summary>
/// <param name="Value">Subtracted from the scores of seen classes; 0 keeps the method's own calibration. The mean when seeds
/// differ.</param>
/// <param name="Scale">What kind of scores it acts on.</param>
/// <param name="ChosenOn">What chose it: "validation" or "fixed".</param>
/// <param name="Quantile">Its quantile among (best seen - best unseen score) of the images it was chosen on, 0..1, if known.</param>
public sealed record ReportGamma(double Value, GammaScale Scale, string ChosenOn, double? Quantile = null);

/// <summary>Test accuracies at one gamma, as fractions of 1.</summary>
/// <param name="Gamma">The gamma.</param>
/// <param name="U">Unseen accuracy.</param>
/// <param name="S">Seen accuracy.</param>
/// <param name="H">Harmonic mean.</param>
public sealed record Calibration(MeanStd Gamma, MeanStd? U, MeanStd? S, MeanStd? H)
{
    internal static Calibration Of(GzslResult result) =>
        new(new(result.Gamma, 0), MeanStd.Of(result.U), MeanStd.Of(result.S), MeanStd.Of(result.H));

    internal static Calibration? Merge(IEnumerable<Calibration?> seeds)
    {
        var present = seeds.OfType<Calibration>().ToList();
        return present.Count == 0 ? null : new(
            MeanStd.Over(present.Select(c => (double?)c.Gamma.Mean))!,
            MeanStd.Over(present.Select(c => c.U?.Mean)),
            MeanStd.Over(present.Select(c => c.S?.Mean)),
            MeanStd.Over(present.Select(c => c.H?.Mean)));
    }
}

/// <summary>The same test scores under different ways to choose gamma: how much depends on the choice.</summary>
public sealed record ReportCalibrations
{
    /// <summary>Gamma carried over as a number.</summary>
    public required Calibration Raw { get; init; }

    /// <summary>Gamma carried over as a quantile of (best seen - best unseen score); null when the quantile is unknown.</summary>
    public Calibration? Quantile { get; init; }

    /// <summary>The gamma with the best H on the test images themselves: an upper bound, not a result.</summary>
    public required Calibration Oracle { get; init; }

    /// <summary>Gamma 0: the method's own calibration.</summary>
    public required Calibration Zero { get; init; }

    /// <summary>The four calibrations of one seed; null when the test images are not of both kinds, since a sweep over gamma then has nothing to weigh.</summary>
    /// <param name="curve">Curve of the test images.</param>
    /// <param name="gamma">Gamma as chosen, in raw and, if known, quantile form.</param>
    public static ReportCalibrations? Of(StackingCurve curve, ReportGamma gamma) => curve.At(gamma.Value) is not { U: not null, S: not null } ? null : new()
    {
        Raw = Calibration.Of(curve.At(gamma.Value)),
        Quantile = gamma.Quantile is { } q ? Calibration.Of(curve.At(curve.GammaAtQuantile(q))) : null,
        Oracle = Calibration.Of(curve.Best),
        Zero = Calibration.Of(curve.At(0)),
    };

    internal static ReportCalibrations Merge(IReadOnlyList<ReportCalibrations> seeds) => new()
    {
        Raw = Calibration.Merge(seeds.Select(c => c.Raw))!,
        Quantile = Calibration.Merge(seeds.Select(c => c.Quantile)),
        Oracle = Calibration.Merge(seeds.Select(c => c.Oracle))!,
        Zero = Calibration.Merge(seeds.Select(c => c.Zero))!,
    };
}
