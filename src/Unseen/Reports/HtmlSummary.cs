using Unseen.Reports.Plots;

namespace Unseen.Reports;

/// <summary>The page's words: a summary for everybody and the meaning of the figures.</summary>
internal static class HtmlSummary
{
    public static Markup Of(IReadOnlyList<ZslReport> reports)
    {
        var best = reports.OrderBy(r => r.TestSelected).ThenByDescending(r => r.Metrics.H?.Mean ?? -1).First();
        return Markup.Of($"""
            <section class="lead" aria-label="Summary">
            {Markup.When(reports.Count > 1 && best.Metrics.H is not null,
                Markup.Of($"<p>Highest harmonic mean of {reports.Count} runs: <strong>{ReportPlots.Name(best)}</strong>.</p>"))}
            {Task(best)}
            {Conventional(best)}
            {Generalized(best)}
            {(best.Metrics is { U: null } ? Validation(best) : Markup.Empty)}
            </section>
            {Markup.When(reports.Any(r => r.TestSelected), TestSelected)}
            """);
    }

    private static Markup Task(ZslReport report)
    {
        var (seen, unseen) = (report.Classes.Count(c => c.Seen), report.Classes.Count(c => !c.Seen));
        return seen == 0 ? Markup.Empty : Markup.Of(
            $"""
            <p>The model learned from pictures of {seen} classes of <strong>{report.Dataset}</strong>.
            It knows {unseen} more classes only from their description: no picture of them was used in training.</p>
            """);
    }

    private static Markup Conventional(ZslReport report)
    {
        if (report.Metrics.T1 is not { } t1) return Markup.Empty;
        var unseen = report.Classes.Count(c => !c.Seen);
        var chance = unseen > 0 ? Markup.Of($" Guessing would be right for {100.0 / unseen:0.#}.") : Markup.Empty;
        return Markup.Of($"""
            <p>Choosing among the unseen classes only, it is right for <strong>{t1.Mean * 100:0.#} of 100</strong> pictures
            (T1).{chance}</p>
            """);
    }

    private static Markup Generalized(ZslReport report)
    {
        if (report.Metrics is not { U: { } u, S: { } s, H: { } h }) return Markup.Empty;
        return Markup.Of(
            $"""
            <p>Choosing among all classes, it is right for <strong>{u.Mean * 100:0.#} of 100</strong> pictures of unseen classes (U)
            and <strong>{s.Mean * 100:0.#} of 100</strong> of seen classes (S); the balance of both, the harmonic mean H, is
            <strong>{h.Mean * 100:0.#} %</strong>.</p>
            """);
    }

    private static Markup Validation(ZslReport report) => report.Validation is not { H: { } h } ? Markup.Empty : Markup.Of(
        $"""
        <p>There are no test pictures of unseen classes. On held-back classes that played the unseen ones,
        H was <strong>{h * 100:0.#} %</strong>.</p>
        """);

    private static Markup TestSelected => new("""
        <p class="warn"><strong>Test-selected:</strong> the published protocol lets the test set choose the epoch. Numbers marked so are
        too good and only comparable with papers that did the same.</p>
        """);

    /// <summary>What the figures mean.</summary>
    public static Markup Glossary => new("""
        <h2>What the numbers mean</h2>
        <dl>
        <dt>T1</dt><dd>Pictures of unseen classes, only unseen classes may be answered. Mean of the per-class accuracies.</dd>
        <dt>U and S</dt><dd>All classes may be answered. Mean of the per-class accuracies over pictures of unseen (U) and of seen (S)
        classes.</dd>
        <dt>H</dt><dd>Harmonic mean of U and S: high only when both are.</dd>
        <dt>AUSUC</dt><dd>Area under the seen-unseen curve over all gammas: quality that does not depend on the choice of gamma.</dd>
        <dt>Micro</dt><dd>Share of all pictures that are right, so that large classes count more.</dd>
        <dt>Gamma</dt><dd>Number subtracted from the scores of seen classes before the best class is taken. At 0 the method's own
        calibration holds. The oracle gamma is the best one for these very test pictures: an upper bound, never a result.</dd>
        </dl>
        """);
}
