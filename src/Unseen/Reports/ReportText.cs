using System.Globalization;
using System.Text;
using Unseen.Evaluation;

namespace Unseen.Reports;

/// <summary>Reports as text for a terminal.</summary>
internal static class ReportText
{
    private const int NameWidth = 34;
    private static readonly string[] Columns = ["T1", "U", "S", "H", "AUSUC"];

    public static string Of(ZslReport report)
    {
        var lines = new List<string> { Title(report) };
        if (report.TestSelected) lines.Add("TEST-SELECTED: the test set chose the epoch, so these numbers are too good.");
        lines.Add("");
        lines.AddRange(Table(report));
        lines.Add("");
        lines.Add(Gamma(report.Gamma));
        if (report.Semantics is { } semantics) lines.Add($"class semantics: {semantics}");
        lines.AddRange(report.Features.Select(f => $"features: {f.Name}, backbone {f.Backbone}, pre-trained on {f.PreTraining}"));
        lines.Add($"unseen class vectors used in training: {(report.UnseenVectorsUsedInTraining ? "yes" : "no")}");
        return string.Join('\n', lines.Select(line => line.TrimEnd())) + "\n";
    }

    /// <summary>One sentence: method, dataset, protocol and seeds.</summary>
    public static string Title(ZslReport report)
    {
        var name = report.Variant is null ? report.Method : $"{report.Method} ({report.Variant})";
        var protocol = report.Protocol == EvaluationProtocol.Clean ? "clean" : "published";
        var seeds = report.Seeds.Count == 1 ? $"seed {report.Seeds[0]}" : $"{report.Seeds.Count} seeds ({string.Join(", ", report.Seeds)})";
        return $"{name} on {report.Dataset}, {protocol} protocol, {seeds}";
    }

    /// <summary>The gamma with scale, origin and quantile in words.</summary>
    public static string Gamma(ReportGamma gamma) => string.Create(CultureInfo.InvariantCulture,
        $"gamma {gamma.Value:0.####} on the {Scale(gamma.Scale)} scale, chosen on: {gamma.ChosenOn}")
        + (gamma.Quantile is { } q ? string.Create(CultureInfo.InvariantCulture, $" (quantile {q:0.###})") : "");

    /// <summary>"58.1", "58.1 ± 0.4" or "-".</summary>
    public static string Percent(MeanStd? figure, bool withStd) => figure?.ToPercent(withStd) ?? "-";

    private static string Scale(GammaScale scale) => scale switch
    {
        GammaScale.Logit => "logit",
        GammaScale.Cosine => "cosine",
        GammaScale.Probability => "probability",
        _ => throw new ArgumentOutOfRangeException(nameof(scale)),
    };

    private static IEnumerable<string> Table(ZslReport report)
    {
        var withStd = report.Seeds.Count > 1;
        var m = report.Metrics;
        yield return Row("percent", withStd, Columns);
        yield return Figures("test, macro", withStd, m.T1, m.U, m.S, m.H, m.Ausuc);
        yield return Figures("test, micro", withStd, null, m.MicroU, m.MicroS, null, null);
        if (report.Calibrations is { } c)
            foreach (var (name, calibration) in Rows(c))
                if (calibration is not null) yield return Figures(name, withStd, null, calibration.U, calibration.S, calibration.H, null);
        if (report.Validation is { } v)
            yield return Row("validation", withStd, ["-", Validated(v.U), Validated(v.S), Validated(v.H), "-"]);
    }

    private static string Validated(double? figure) => Percent(MeanStd.Of(figure), withStd: false);

    /// <summary>The calibrations with their names.</summary>
    public static IEnumerable<(string Name, Calibration? Calibration)> Rows(ReportCalibrations calibrations) =>
    [
        ("test, gamma as a number", calibrations.Raw),
        ("test, gamma as a quantile", calibrations.Quantile),
        ("test, gamma 0", calibrations.Zero),
        ("test, oracle gamma (upper bound)", calibrations.Oracle),
    ];

    private static string Figures(string name, bool withStd, params MeanStd?[] figures) =>
        Row(name, withStd, [.. figures.Select(f => Percent(f, withStd))]);

    private static string Row(string name, bool withStd, string[] cells)
    {
        var line = new StringBuilder(name.PadRight(NameWidth));
        foreach (var cell in cells) line.Append(cell.PadLeft(withStd ? 14 : 8));
        return line.ToString();
    }
}
