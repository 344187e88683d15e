using System.Globalization;

namespace Unseen.Reports.Plots;

/// <summary>The plots of a report. A part that the report lacks gives no plot.</summary>
internal static class ReportPlots
{
    private const int MostLines = Plot.Colours;

    /// <summary>All plots of one report.</summary>
    public static IReadOnlyList<Plot> Of(ZslReport report) =>
        [.. new[] { Loss(report), Validation(report), Curve(report), Classes(report), Confusion(report), SemanticError(report),
            FeaturePicturePlot.OfAttributes(report), FeaturePicturePlot.OfRefined(report) }.OfType<Plot>()];

    /// <summary>Seen-unseen curves of several reports over common axes; null for fewer than two curves.</summary>
    public static Plot? Compare(IReadOnlyList<ZslReport> reports)
    {
        var curves = reports.Where(r => r.Curve.Count > 0).Take(MostLines).ToList();
        if (curves.Count < 2) return null;
        return CurvePlot("seen-unseen-curves", "Seen-unseen curves of all methods",
            "One line per method: the further up and to the right, the better at every calibration.",
            [.. curves.Select((r, i) => new LineSeries(Name(r), CurvePoints(r), i))],
            [.. curves.Select((r, i) => (Report: r, Index: i)).Where(c => c.Report.Metrics.U is not null && c.Report.Metrics.S is not null)
                .Select(c => new PlotMark("", c.Report.Metrics.S!.Mean, c.Report.Metrics.U!.Mean, c.Index))]);
    }

    /// <summary>Method with its variant.</summary>
    public static string Name(ZslReport report) => report.Variant is null ? report.Method : $"{report.Method}: {report.Variant}";

    private static Plot? Loss(ZslReport report)
    {
        var terms = report.History.SelectMany(e => e.Loss.Keys).Distinct().OrderBy(t => t != "total").Take(MostLines).ToList();
        if (terms.Count == 0) return null;
        Func<ReportEpoch, double?> Term(string term) => epoch => epoch.Loss.TryGetValue(term, out var value) ? value : null;
        var lines = Lines(report, [.. terms.Select((term, i) => (term, i, Term(term)))]);
        return EpochPlot("training-loss", "Training loss", "Mean of each loss term per epoch.", "loss", lines, null);
    }

    private static Plot? Validation(ZslReport report)
    {
        var lines = Lines(report, [("unseen U", 1, e => e.U * 100), ("seen S", 0, e => e.S * 100), ("harmonic mean H", 2, e => e.H * 100)]);
        return EpochPlot("validation-accuracy", "Validation accuracy", "Accuracy on the validation classes after each epoch, in percent.",
            "accuracy, %", lines, 100);
    }

    private static Plot? EpochPlot(string name, string title, string description, string yTitle, List<LineSeries> lines, double? maximum)
    {
        var points = lines.SelectMany(l => l.Points).Where(p => double.IsFinite(p.Y)).ToList();
        if (points.Count == 0) return null;
        var (lastEpoch, lowest, highest) = (points.Max(p => p.X), Math.Min(0, points.Min(p => p.Y)), maximum ?? points.Max(p => p.Y));
        var frame = new PlotFrame(Math.Min(1, points.Min(p => p.X)), lastEpoch, lowest, highest);
        var content = LinePlot.Draw(frame, "epoch", yTitle, lines, [], out var height);
        return new(name, title, description, PlotFrame.Width, height, content);
    }

    /// <summary>One line per figure and phase: the search and the final training each start anew.</summary>
    private static List<LineSeries> Lines(
        ZslReport report, IReadOnlyList<(string Name, int Colour, Func<ReportEpoch, double?> Value)> figures)
    {
        var phases = report.History.GroupBy(e => e.Phase).ToList();
        var lines = new List<LineSeries>();
        foreach (var (name, colour, value) in figures)
            foreach (var phase in phases)
            {
                var points = phase.Where(e => value(e) is not null).Select(e => ((double)e.Epoch, value(e)!.Value)).ToList();
                if (points.Count > 0)
                    lines.Add(new(phases.Count > 1 ? $"{name} ({phase.Key})" : name, points,
                        (colour + 4 * phases.IndexOf(phase)) % Plot.Colours));
            }
        return lines;
    }

    private static Plot? Curve(ZslReport report)
    {
        if (report.Curve.Count == 0) return null;
        var marks = new List<PlotMark>();
        if (report.Calibrations?.Oracle is { U: { } u, S: { } s })
            marks.Add(new("oracle", s.Mean, u.Mean, 5, LabelAbove: true));
        if (report.Metrics is { U: { } chosenU, S: { } chosenS })
            marks.Add(new($"gamma {report.Gamma.Value.ToString("0.###", CultureInfo.InvariantCulture)}", chosenS.Mean, chosenU.Mean, 1));
        return CurvePlot("seen-unseen-curve", "Seen-unseen curve",
            "Each point is one gamma: from favouring seen classes (right) to favouring unseen classes (top). " +
            "Marked: the chosen gamma and the oracle.",
            [new(Name(report), CurvePoints(report), 0)], marks);
    }

    private static Plot CurvePlot(string name, string title, string description, List<LineSeries> lines, List<PlotMark> marks)
    {
        var frame = new PlotFrame(0, RoundUp(lines.Max(l => l.Points.Max(p => p.X))), 0, RoundUp(lines.Max(l => l.Points.Max(p => p.Y))));
        var content = LinePlot.Draw(frame, "seen accuracy S, %", "unseen accuracy U, %", lines,
            [.. marks.Select(m => m with { X = m.X * 100, Y = m.Y * 100 })], out var height);
        return new(name, title, description, PlotFrame.Width, height, content);
    }

    private static string Percent(double fraction) => (fraction * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static double RoundUp(double percent) => Math.Clamp(Math.Ceiling(percent / 10) * 10, 10, 100);

    private static List<(double X, double Y)> CurvePoints(ZslReport report) => [.. report.Curve.Select(p => (p.S * 100, p.U * 100))];

    private static Plot? Classes(ZslReport report)
    {
        var bars = report.Classes.Where(c => c.Accuracy is not null).OrderBy(c => c.Seen).ThenByDescending(c => c.Accuracy)
            .ThenBy(c => c.Class, StringComparer.Ordinal)
            .Select(c => new Bar(c.Class, c.Accuracy!.Value, Percent(c.Accuracy.Value), c.Seen ? 0 : 1)).ToList();
        if (bars.Count == 0) return null;
        var content = BarPlot.Draw(bars, ["seen class", "unseen class"], out var height);
        return new("per-class-accuracy", "Accuracy per class", "Share of right answers per class, unseen classes first, best class first.",
            PlotFrame.Width, height, content);
    }

    private static Plot? Confusion(ZslReport report)
    {
        if (report.Confusion?.Counts is not { Count: > 0 } counts) return null;
        if (counts.Count != report.Classes.Count || counts.Any(row => row.Count != counts.Count)) return null;
        var order = Enumerable.Range(0, counts.Count).OrderByDescending(c => report.Classes[c].Seen).ToList();
        var rows = order.Where(t => counts[t].Sum() > 0).ToList();
        if (rows.Count == 0) return null;
        var shares = rows.Select(t => (IReadOnlyList<double>)[.. order.Select(p => (double)counts[t][p] / counts[t].Sum())]).ToList();
        var names = report.Classes.Select(c => c.Class).ToList();
        var content = HeatMapPlot.Draw(shares, 1, [.. rows.Select(c => names[c])], [.. order.Select(c => names[c])],
            rows.Count(c => report.Classes[c].Seen), order.Count(c => report.Classes[c].Seen), "all images of the class", out var height);
        return new("confusion", "Confusion matrix",
            "Rows: true class; columns: predicted class; colour: share of the row's images. A dark diagonal is good; " +
            "colour left of the divider in the lower part means unseen classes taken for seen ones.",
            PlotFrame.Width, height, content);
    }

    private static Plot? SemanticError(ZslReport report)
    {
        if (report.SemanticError is not { Errors.Count: > 0, Attributes.Count: > 0 } error) return null;
        if (error.Errors.Count != error.Classes.Count || error.Errors.Count != error.SeenClass.Count
            || error.Errors.Any(row => row.Count != error.Attributes.Count)) return null;
        var order = Enumerable.Range(0, error.Errors.Count).OrderByDescending(r => error.SeenClass[r]).ToList();
        var full = HighValue(error.Errors.SelectMany(row => row));
        var content = HeatMapPlot.Draw(
            [.. order.Select(r => error.Errors[r])], full, [.. order.Select(r => error.Classes[r])], error.Attributes,
            error.SeenClass.Count(s => s), 0, $"error {full.ToString("0.##", CultureInfo.InvariantCulture)} or more", out var height);
        return new("semantic-error", "Semantic error",
            "Rows: classes; columns: attributes; colour: mean squared error of the normalised predicted attributes. " +
            "Vertical stripes are attributes the model cannot read.",
            PlotFrame.Width, height, content);
    }

    /// <summary>98th percentile: a few outliers must not bleach the map.</summary>
    private static double HighValue(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(0.98 * (sorted.Length - 1))];
    }
}
