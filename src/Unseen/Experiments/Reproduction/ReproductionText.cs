using System.Globalization;
using System.Text;
using Unseen.Evaluation;
using Unseen.Experiments.Configuration;
using Unseen.Reports;

namespace Unseen.Experiments.Reproduction;

/// <summary>A reproduction as text for a terminal.</summary>
internal static class ReproductionText
{
    private static readonly (string Name, Func<PublishedFigures, double?> Published, Func<ReproducedFigures, MeanStd?> Ours)[] Figures =
    [
        ("T1", p => p.T1, o => o.T1), ("U", p => p.U, o => o.U), ("S", p => p.S, o => o.S), ("H", p => p.H, o => o.H),
    ];

    public static string Of(ReproductionReport report)
    {
        var withStd = report.Seeds.Count > 1;
        var lines = new List<string> { Title(report) };
        if (report.TestSelected)
            lines.Add("TEST-SELECTED: the test set chose the epoch, so our numbers are too good.");
        lines.Add("");
        lines.AddRange(Aligned(Comparison(report, withStd)));
        if (report.Ablation.Count > 0) lines.AddRange(["", "ablation", .. Aligned(Ablation(report.Ablation, withStd))]);
        lines.AddRange(report.Curves.SelectMany(curve => Curve(curve, withStd)));
        lines.AddRange(["", $"published: {report.Result.Published.Relative switch { { } relative => $"{relative}; ", null => "" }}{report.Result.Source}", $"published features: {report.PublishedFeatures}"]);
        lines.AddRange(report.Features.Select(f => $"our features: {f}"));
        lines.AddRange(report.Departures.Select(d => $"departs from the publication: {d}"));
        lines.AddRange(report.Notes.Select(n => $"note: {n}"));
        return string.Join('\n', lines.Select(line => line.TrimEnd())) + "\n";
    }

    private static string Title(ReproductionReport report)
    {
        var protocol = report.Protocol == EvaluationProtocol.Clean ? "clean" : "published";
        var seeds = report.Seeds.Count == 1 ? $"seed {report.Seeds[0]}" : $"{report.Seeds.Count} seeds ({string.Join(", ", report.Seeds)})";
        return $"{report.Experiment}: {report.Title}; ours on {report.Dataset}, {protocol} protocol, {seeds}";
    }

    private static IEnumerable<string[]> Comparison(ReproductionReport report, bool withStd)
    {
        var (row, ours) = (report.Result, report.Result.Ours!);
        yield return ["percent", .. Figures.Select(f => f.Name), "AUSUC"];
        yield return ["published", .. Figures.Select(f => Text(f.Published(row.Published))), "-"];
        yield return [row.Calibrated is null ? "ours" : "ours, gamma 0 like them", .. Cells(ours, withStd)];
        yield return ["ours - published", .. Figures.Select(f => Difference(f.Ours(ours), f.Published(row.Published))), "-"];
        if (row.Calibrated is { } calibrated) yield return ["ours, gamma chosen", .. Cells(calibrated, withStd)];
    }

    private static IEnumerable<string> Cells(ReproducedFigures ours, bool withStd) =>
        [.. Figures.Select(f => ReportText.Percent(f.Ours(ours), withStd)), ReportText.Percent(ours.Ausuc, withStd)];

    /// <summary>Published and ours side by side, for the figures that the table has; all of ours where nothing is published.</summary>
    private static IEnumerable<string[]> Ablation(IReadOnlyList<ReproductionRow> rows, bool withStd)
    {
        var shown = Figures.Where(f => rows.Any(r => f.Published(r.Published) is not null)).ToList();
        if (shown.Count == 0)
        {
            yield return ["percent", .. Figures.Select(f => f.Name), "AUSUC"];
            foreach (var row in rows) yield return [row.Name, .. row.Ours is { } ours ? Cells(ours, withStd) : Enumerable.Repeat("not run", Figures.Length + 1)];
            yield break;
        }
        yield return ["percent", .. shown.SelectMany(f => new[] { $"{f.Name} published", $"{f.Name} ours" })];
        foreach (var row in rows)
            yield return [row.Name, .. shown.SelectMany(f => new[]
            {
                Text(f.Published(row.Published)), row.Ours is { } ours ? ReportText.Percent(f.Ours(ours), withStd) : "not run",
            })];
    }

    private static IEnumerable<string> Curve(ReproductionCurve curve, bool withStd)
    {
        var rows = curve.Points.Select(p => (string[])[ScalarText.Write(p.Value), .. Cells(p.Ours, withStd)]);
        return ["", $"curve: {curve.Name} ({curve.Source}; {curve.Picture})", .. Aligned([[curve.Option, .. Figures.Select(f => f.Name), "AUSUC"], .. rows]),
            .. curve.Finding is { } finding ? new[] { $"the paper: {finding}" } : []];
    }

    private static string Text(double? percent) => percent?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";

    private static string Difference(MeanStd? ours, double? published) =>
        ours is { } o && published is { } p ? (o.Mean * 100 - p).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : "-";

    private static IEnumerable<string> Aligned(IEnumerable<string[]> table)
    {
        var rows = table.ToList();
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            var line = new StringBuilder(row[0].PadRight(widths[0]));
            for (var column = 1; column < row.Length; column++) line.Append("  ").Append(row[column].PadLeft(widths[column]));
            yield return line.ToString();
        }
    }
}
