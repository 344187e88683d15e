using Unseen.Evaluation;

namespace Unseen.Reports;

/// <summary>A frequent mistake.</summary>
/// <param name="True">True class.</param>
/// <param name="Predicted">Class it was taken for.</param>
/// <param name="Images">Number of images.</param>
public sealed record ReportMistake(string True, string Predicted, int Images);

/// <summary>Which classes are taken for which, at the reported gamma.</summary>
/// <param name="Top">The most frequent mistakes, most frequent first.</param>
/// <param name="Counts">Images [true][predicted] in the order of the per-class table; null for more than 200 classes.</param>
public sealed record ReportConfusion(IReadOnlyList<ReportMistake> Top, IReadOnlyList<IReadOnlyList<int>>? Counts)
{
    /// <summary>Up to this many classes the whole matrix is kept.</summary>
    public const int LargestMatrix = 200;

    private const int MistakesKept = 50;

    /// <summary>Keeps the mistakes and, for up to 200 classes, the whole matrix.</summary>
    public static ReportConfusion Of(ConfusionMatrix matrix, IReadOnlyList<string> classNames) => new(
        [.. matrix.TopMistakes(MistakesKept).Select(m => new ReportMistake(classNames[m.True], classNames[m.Predicted], m.Images))],
        matrix.Classes > LargestMatrix ? null : [.. Enumerable.Range(0, matrix.Classes).Select(t =>
            (IReadOnlyList<int>)[.. Enumerable.Range(0, matrix.Classes).Select(p => matrix.Counts[t, p])])]);

    /// <summary>Adds the counts of several seeds; mistakes below the kept ones of a seed are missing when there is no matrix.</summary>
    internal static ReportConfusion Merge(IReadOnlyList<ReportConfusion> seeds) => new(
        [.. seeds.SelectMany(s => s.Top).GroupBy(m => (m.True, m.Predicted))
            .Select(g => new ReportMistake(g.Key.True, g.Key.Predicted, g.Sum(m => m.Images)))
            .OrderByDescending(m => m.Images).ThenBy(m => m.True, StringComparer.Ordinal).ThenBy(m => m.Predicted, StringComparer.Ordinal)
            .Take(MistakesKept)],
        seeds.Any(s => s.Counts is null) ? null : [.. seeds[0].Counts!.Select((row, t) =>
            (IReadOnlyList<int>)[.. row.Select((_, p) => seeds.Sum(s => s.Counts![t][p]))])]);
}
