using System.Globalization;

namespace Unseen.Reports;

/// <summary>The page's tables.</summary>
internal static class HtmlTables
{
    private const int MistakesShown = 12;
    private static readonly string[] WordColumns = ["taken for", "value"];
    private static readonly (string Name, Func<ReportMetrics, MeanStd?> Value)[] Figures =
    [
        ("T1", m => m.T1), ("U", m => m.U), ("S", m => m.S), ("H", m => m.H), ("AUSUC", m => m.Ausuc),
        ("micro U", m => m.MicroU), ("micro S", m => m.MicroS),
    ];

    public static Markup Metrics(IReadOnlyList<ZslReport> reports)
    {
        var honest = reports.Any(r => !r.TestSelected) ? reports.Where(r => !r.TestSelected).ToList() : reports;    // too good to compete
        var best = Figures.Select(f => reports.Count > 1 ? honest.Max(r => f.Value(r.Metrics)?.Mean) : null).ToList();
        var note = reports.Any(r => r.Seeds.Count > 1) ? "Percent, mean ± standard deviation over seeds." : "Percent.";
        return Table("Results on the test pictures", note,
            ["method", .. Figures.Select(f => f.Name), "gamma", "seeds"],
            Markup.Each(reports, r => Markup.Of($"""
                {Head(r)}
                {Markup.Each(Figures.Index(), f => Best(f.Item.Value(r.Metrics), honest.Contains(r) ? best[f.Index] : null, r))}
                <td>{r.Gamma.Value:0.###}</td><td>{string.Join(", ", r.Seeds)}</td></tr>
                """)));
    }

    public static Markup Calibrations(IReadOnlyList<ZslReport> reports)
    {
        if (reports.All(r => r.Calibrations is null)) return Markup.Empty;
        string[] columns =
            ["method", "gamma as a number", "as a quantile", "gamma 0", "oracle (upper bound)", "validation H", "gamma acts on"];
        return Table("H under other choices of gamma", "Percent. How much of the result hangs on the calibration.", columns,
            Markup.Each(reports.Where(r => r.Calibrations is not null), r => Markup.Of($"""
                {Head(r)}{Markup.Each(ReportText.Rows(r.Calibrations!), c => Cell(c.Calibration?.H, r))}
                {Cell(MeanStd.Of(r.Validation?.H), null)}
                <td>{r.Gamma.Scale.ToString().ToLowerInvariant()}, chosen on {r.Gamma.ChosenOn}</td></tr>
                """)));
    }

    public static Markup Mistakes(ZslReport report) => report.Confusion is not { Top.Count: > 0 } confusion ? Markup.Empty : Table(
        "Most frequent mistakes", "At the reported gamma, summed over seeds.", ["true class", "taken for", "pictures"],
        Markup.Each(confusion.Top.Take(MistakesShown), m => Markup.Of(
            $"""<tr><th scope="row">{m.True}</th><td class="text">{m.Predicted}</td><td>{m.Images}</td></tr>""")));

    public static Markup SemanticError(ZslReport report) => report.SemanticError is not { } error ? Markup.Empty : Table(
        "Semantic error", "Mean squared error of normalised predicted attributes; unrelated predictions have about 2.",
        ["seen classes", "unseen classes", "increase"],
        Markup.Of($"""
            <tr><td>{error.MeanSeen:0.000}</td><td>{error.MeanUnseen:0.000}</td>
            <td>{error.RelativeIncrease * 100:+0.0;-0.0;0.0} %</td></tr>
            """));

    public static Markup PointingGame(ZslReport report) => report.PointingGame is not { } game ? Markup.Empty : Table(
        "Pointing game",
        "Percent of attributes whose attention peaks at the right part, " +
            $"at most {game.Tolerance} {(game.Tolerance == 1 ? "cell" : "cells")} off, beside a random cell and always the image centre.",
        ["attribute group", "judged", "hits", "random cell", "image centre"],
        Markup.Each(game.Groups.Append(game.Overall), g => Markup.Of(
            $"""
            <tr><th scope="row">{g.Group}</th><td>{g.Judged}</td><td>{g.HitRate * 100:0.0}</td>
            <td>{g.Chance * 100:0.0}</td><td>{g.Centre * 100:0.0}</td></tr>
            """)));

    public static Markup Prompts(ZslReport report) => report.Prompts is not { Count: > 0 } rows ? Markup.Empty : Table(
        "Attributes read by prompts",
        "Percent of images whose class has the attribute that answers the prompt most strongly, or one of the three strongest, beside a random attribute of the "
            + "group and the one that most seen classes have.",
        ["prompt", "images", "strongest", "one of three", "random", "most common"],
        Markup.Each(rows, r => Markup.Of(
            $"""
            <tr><th scope="row">{r.Group}</th><td>{r.Judged}</td><td>{r.First * 100:0.0}</td><td>{r.AmongThree * 100:0.0}</td>
            <td>{r.Chance * 100:0.0}</td><td>{r.Common * 100:0.0}</td></tr>
            """)));

    public static Markup Classes(ZslReport report)
    {
        if (report.Classes.Count == 0) return Markup.Empty;
        var rows = Markup.Each(report.Classes, c => Markup.Of($"""
            <tr><th scope="row">{c.Class}</th><td>{(c.Seen ? "seen" : "unseen")}</td><td>{c.Images}</td>
            {Cell(MeanStd.Of(c.Accuracy), null)}</tr>
            """));
        var table = Table("Classes", "Generalized setting, at the reported gamma.", ["class", "kind", "pictures", "accuracy, %"], rows);
        return Markup.Of($"<details><summary>All {report.Classes.Count} classes as a table</summary>{table}</details>");
    }

    public static Markup Facts(ZslReport report)
    {
        var facts = new List<(string Name, string Value)>
        {
            ("protocol", report.Protocol.ToString().ToLowerInvariant() + (report.TestSelected ? ", test-selected" : "")),
            ("calibration", ReportText.Gamma(report.Gamma)),
            ("unseen class vectors in training", report.UnseenVectorsUsedInTraining ? "used" : "not used"),
        };
        if (report.Semantics is { } semantics) facts.Add(("class semantics", semantics));
        if (report.Configuration is { } configuration) facts.Add(("configuration, SHA-256", configuration));
        facts.AddRange(report.Features.Select(f => ($"features {f.Name}", $"{f.Backbone}, pre-trained on {f.PreTraining}")));
        facts.AddRange(report.Timing.Select(t => ($"time, {t.Key}", $"{t.Value.ToString("0.0", CultureInfo.InvariantCulture)} s")));
        facts.AddRange(report.Environment.Select(e => (e.Key, e.Value)));
        return Table("How it was made", "", ["fact", "value"],
            Markup.Each(facts, f => Markup.Of($"""<tr><th scope="row">{f.Name}</th><td class="text">{f.Value}</td></tr>""")));
    }

    private static Markup Head(ZslReport report) => Markup.Of($"""
        <tr class="{(report.Variant is null ? "method-row" : "variant")}"><th scope="row">
        {report.Variant ?? report.Method}{(report.TestSelected ? " (test-selected)" : "")}</th>
        """);

    private static Markup Column(string name) => WordColumns.Contains(name)
        ? Markup.Of($"""<th scope="col" class="text">{name}</th>""")
        : Markup.Of($"""<th scope="col">{name}</th>""");

    private static Markup Best(MeanStd? figure, double? best, ZslReport report) => figure is { } f && f.Mean == best
        ? Markup.Of($"""<td class="best">{f.ToPercent(report.Seeds.Count > 1)}</td>""")
        : Cell(figure, report);

    private static Markup Cell(MeanStd? figure, ZslReport? report) =>
        Markup.Of($"<td>{ReportText.Percent(figure, report is { Seeds.Count: > 1 })}</td>");

    private static Markup Table(string title, string note, IReadOnlyList<string> columns, Markup rows) => Markup.Of($"""
        <h3>{title}</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><caption>{note}</caption>
        <thead><tr>{Markup.Each(columns, Column)}</tr></thead>
        <tbody>{rows}</tbody></table></div>
        """);
}
