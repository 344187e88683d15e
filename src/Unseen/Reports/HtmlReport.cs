using Unseen.Reports.Plots;

namespace Unseen.Reports;

/// <summary>A self-contained page: styles, plots and pictures are inside, nothing is loaded from elsewhere.</summary>
public static class HtmlReport
{
    private const double TallestOpenPlot = 1000;

    /// <summary>Writes report.html atomically.</summary>
    /// <exception cref="ArgumentException">The model holds no report.</exception>
    public static void Write(string path, HtmlReportModel model) => AtomicFile.WriteText(path, Render(model));

    /// <summary>The page as text.</summary>
    /// <exception cref="ArgumentException">The model holds no report.</exception>
    public static string Render(HtmlReportModel model)
    {
        var reports = Flatten(model);
        var title = model.Title ?? $"{string.Join(", ", model.Reports.Select(r => r.Method).Distinct())} on {reports[0].Dataset}";
        return HtmlPage.Of(title, Plot.Style, Markup.Of($"""
            {(model.Introduction is null ? Markup.Empty : Markup.Of($"<p>{model.Introduction}</p>"))}
            {HtmlSummary.Of(reports)}
            <h2>Results</h2>
            {HtmlTables.Metrics(reports)}
            {HtmlTables.Calibrations(reports)}
            {Figure(ReportPlots.Compare(model.Reports))}
            {Markup.Each(reports.Index(), r => Section(r.Item, open: r.Index == 0))}
            {Gallery(model.Gallery)}
            {HtmlSummary.Glossary}
            """));
    }

    /// <summary>
    /// Writes every plot as an SVG file, atomically: NAME.svg for one report, NUMBER-METHOD-NAME.svg for several.
    /// </summary>
    /// <param name="folder">Folder, created if missing.</param>
    /// <param name="model">The reports.</param>
    /// <returns>Full paths of the files.</returns>
    public static IReadOnlyList<string> WritePlots(string folder, HtmlReportModel model)
    {
        var reports = Flatten(model);
        var plots = reports.SelectMany((report, i) =>
            ReportPlots.Of(report).Select(plot => (Name: FileName(reports, i, plot.Name), Plot: plot))).ToList();
        if (ReportPlots.Compare(model.Reports) is { } comparison) plots.Add(($"{comparison.Name}.svg", comparison));
        foreach (var (name, plot) in plots) AtomicFile.WriteText(Path.Combine(folder, name), plot.File);
        return [.. plots.Select(p => Path.GetFullPath(Path.Combine(folder, p.Name)))];
    }

    private static List<ZslReport> Flatten(HtmlReportModel model)
    {
        if (model.Reports.Count == 0) throw new ArgumentException("A report page needs at least one report.", nameof(model));
        return [.. model.Reports.SelectMany(r => r.Variants.Prepend(r))];
    }

    /// <summary>Only letters, digits and dashes reach the file name: a method's name is not trusted here either.</summary>
    private static string FileName(List<ZslReport> reports, int index, string plot)
    {
        if (reports.Count == 1) return $"{plot}.svg";
        var name = ReportPlots.Name(reports[index]);
        var safe = string.Concat(name.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
        return $"{index + 1}-{safe}-{plot}.svg";
    }

    private static Markup Section(ZslReport report, bool open) => Markup.Of($"""
        <details class="method"{new Markup(open ? " open" : "")}>
        <summary><h2>{ReportPlots.Name(report)}</h2></summary>
        {Markup.Each(ReportPlots.Of(report), plot => Figure(plot))}
        {HtmlTables.Mistakes(report)}{HtmlTables.SemanticError(report)}{HtmlTables.PointingGame(report)}{HtmlTables.Prompts(report)}
        {HtmlTables.Classes(report)}{HtmlTables.Facts(report)}
        </details>
        """);

    private static Markup Figure(Plot? plot) => plot is null ? Markup.Empty : Markup.Of($"""
        <figure>
        <figcaption><strong>{plot.Title}.</strong> {plot.Description}</figcaption>
        {(plot.Height > TallestOpenPlot ? Markup.Of($"<details><summary>Show the plot</summary>{Scroll(plot)}</details>") : Scroll(plot))}
        </figure>
        """);

    private static Markup Scroll(Plot plot) => Markup.Of(
        $"""<div class="scroll" tabindex="0" role="region" aria-label="{plot.Title}">{plot.Inline}</div>""");

    private static Markup Gallery(IReadOnlyList<ReportPicture> pictures) => pictures.Count == 0 ? Markup.Empty : Markup.Of($"""
        <h2>Where the model looks</h2>
        <div class="gallery">{Markup.Each(pictures, p => Markup.Of(
            $"""
            <figure><img src="data:image/png;base64,{Convert.ToBase64String(p.Png)}" alt="{p.Caption}">
            <figcaption>{p.Caption}</figcaption></figure>
            """))}</div>
        """);
}
