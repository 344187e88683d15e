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

    private static IEnumerable<string> ChosenHeads => Figures[1..].Select(f => $"{f.Name}, gamma chosen");

    public static string Of(ReproductionReport report)
    {
        var withStd = report.Seeds.Count > 1;
        var lines = new List<string> { Title(report) };
        if (report.TestSelected)
            lines.Add("TEST-SELECTED: the test set chose the epoch, so our numbers are too good.");
        lines.Add("");
        lines.AddRange(Aligned(Comparison(report, withStd)));
        if (report.Ablation.Count > 0) lines.AddRange(["", report.Result.Calibrated is null ? "ablation" : "ablation, ours at gamma 0 like them", .. Aligned(Ablation(report.Ablation, withStd))]);
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

    /// <summary>Published and ours side by side, for the figures that the table has; then ours, and at gamma 0 also those at the chosen gamma.</summary>
    private static IEnumerable<string[]> Ablation(IReadOnlyList<ReproductionRow> rows, bool withStd)
    {
        var published = Figures.Where(f => rows.Any(r => f.Published(r.Published) is not null)).ToList();
        var others = Figures.Except(published).ToList();
        var calibrated = rows.Any(r => r.Calibrated is not null);
        yield return ["percent", .. published.SelectMany(f => new[] { $"{f.Name} published", $"{f.Name} ours" }), .. others.Select(f => f.Name), "AUSUC",
            .. calibrated ? ChosenHeads : []];
        foreach (var row in rows)
            yield return [row.Name,
                .. published.SelectMany(f => new[] { Text(f.Published(row.Published)), Cell(row.Ours, f.Ours, withStd) }),
                .. others.Select(f => Cell(row.Ours, f.Ours, withStd)), Cell(row.Ours, o => o.Ausuc, withStd),
                .. calibrated ? Chosen(row.Calibrated, withStd) : []];
    }

    private static IEnumerable<string> Curve(ReproductionCurve curve, bool withStd)
    {
        var calibrated = curve.Points.Any(p => p.Calibrated is not null);
        var rows = curve.Points.Select(p =>
            (string[])[ScalarText.Write(p.Value), .. Cells(p.Ours, withStd), .. calibrated ? Chosen(p.Calibrated, withStd) : []]);
        string[] heads = [curve.Option, .. Figures.Select(f => f.Name), "AUSUC", .. calibrated ? ChosenHeads : []];
        return ["", $"curve: {curve.Name} ({curve.Source}; {curve.Picture})", .. Aligned([heads, .. rows]),
            .. curve.Finding is { } finding ? new[] { $"the paper: {finding}" } : []];
    }

    /// <summary>U, S and H at the chosen gamma; T1 and AUSUC do not depend on it.</summary>
    private static IEnumerable<string> Chosen(ReproducedFigures? calibrated, bool withStd) => Figures[1..].Select(f => Cell(calibrated, f.Ours, withStd));

    private static string Cell(ReproducedFigures? ours, Func<ReproducedFigures, MeanStd?> figure, bool withStd) =>
        ours is null ? "not run" : ReportText.Percent(figure(ours), withStd);

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
