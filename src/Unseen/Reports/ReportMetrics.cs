using Unseen.Evaluation;

namespace Unseen.Reports;

/// <summary>Test figures as fractions of 1; null where a test set has no image.</summary>
public sealed record ReportMetrics
{
    /// <summary>Conventional accuracy (CZSL): images of unseen classes among unseen classes only, macro.</summary>
    public MeanStd? T1 { get; init; }

    /// <summary>Unseen accuracy in the generalized setting, macro.</summary>
    public MeanStd? U { get; init; }

    /// <summary>Seen accuracy in the generalized setting, macro.</summary>
    public MeanStd? S { get; init; }

    /// <summary>Harmonic mean of U and S.</summary>
    public MeanStd? H { get; init; }

    /// <summary>Area under the seen-unseen curve: independent of gamma.</summary>
    public MeanStd? Ausuc { get; init; }

    /// <summary>Share of right answers over all images of unseen classes.</summary>
    public MeanStd? MicroU { get; init; }

    /// <summary>Share of right answers over all images of seen classes.</summary>
    public MeanStd? MicroS { get; init; }

    /// <summary>The figures of one seed at one gamma.</summary>
    public static ReportMetrics Of(StackingCurve curve, double gamma)
    {
        var result = curve.At(gamma);
        return new()
        {
            T1 = MeanStd.Of(curve.T1),
            U = MeanStd.Of(result.U),
            S = MeanStd.Of(result.S),
            H = MeanStd.Of(result.H),
            Ausuc = MeanStd.Of(curve.Ausuc),
            MicroU = MeanStd.Of(result.MicroU),
            MicroS = MeanStd.Of(result.MicroS),
        };
    }

    internal static ReportMetrics Merge(IReadOnlyList<ReportMetrics> seeds) => new()
    {
        T1 = MeanStd.Over(seeds.Select(m => m.T1?.Mean)),
        U = MeanStd.Over(seeds.Select(m => m.U?.Mean)),
        S = MeanStd.Over(seeds.Select(m => m.S?.Mean)),
        H = MeanStd.Over(seeds.Select(m => m.H?.Mean)),
        Ausuc = MeanStd.Over(seeds.Select(m => m.Ausuc?.Mean)),
        MicroU = MeanStd.Over(seeds.Select(m => m.MicroU?.Mean)),
        MicroS = MeanStd.Over(seeds.Select(m => m.MicroS?.Mean)),
    };
}
