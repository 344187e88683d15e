using Unseen.Evaluation;

namespace Unseen.Reports;

/// <summary>Merges the reports of several seeds of one experiment into one with mean ± sample standard deviation.</summary>
public static class ReportMerge
{
    /// <summary>
    /// Merges reports. Means over seeds: metrics, calibrations, validation, gamma, timing, per-class accuracy, semantic error, pointing
    /// game, prompts; sum: confusion; of the first seed: history, curve, attribute-based and refined features, environment. Variants are merged by name.
    /// </summary>
    /// <param name="seeds">One single-seed report per seed, in the order to list; one report is returned as it is.</param>
    /// <exception cref="ConfigurationException">No report, a seed twice, or reports of different experiments; lists every
    /// problem.</exception>
    public static ZslReport Merge(IReadOnlyList<ZslReport> seeds)
    {
        Require(seeds);
        if (seeds.Count == 1) return seeds[0];
        return seeds[0] with
        {
            Seeds = [.. seeds.Select(r => r.Seeds[0])],
            Metrics = ReportMetrics.Merge([.. seeds.Select(r => r.Metrics)]),
            Gamma = MergeGamma([.. seeds.Select(r => r.Gamma)]),
            Calibrations = MergeAll(seeds, r => r.Calibrations, ReportCalibrations.Merge),
            Validation = MergeAll(seeds, r => r.Validation, MergeValidation),
            TestSelected = seeds.Any(r => r.TestSelected),
            UnseenVectorsUsedInTraining = seeds.Any(r => r.UnseenVectorsUsedInTraining),
            Timing = MergeTiming(seeds),
            Classes = MergeClasses(seeds),
            Confusion = MergeAll(seeds, r => r.Confusion, ReportConfusion.Merge),
            SemanticError = MergeAll(seeds, r => r.SemanticError, MergeSemanticError),
            PointingGame = MergeAll(seeds, r => r.PointingGame, MergePointingGame),
            Prompts = MergeAll(seeds, r => r.Prompts, MergePrompts),
            Variants = MergeVariants(seeds),
        };
    }

    private static T? MergeAll<T>(IReadOnlyList<ZslReport> seeds, Func<ZslReport, T?> part, Func<IReadOnlyList<T>, T> merge) where T : class
    {
        var parts = seeds.Select(part).OfType<T>().ToList();
        return parts.Count == seeds.Count ? merge(parts) : null;
    }

    private static ReportGamma MergeGamma(IReadOnlyList<ReportGamma> gammas) => gammas[0] with
    {
        Value = gammas.All(g => g.Value == gammas[0].Value) ? gammas[0].Value : gammas.Average(g => g.Value),
        Quantile = MeanStd.Over(gammas.Select(g => g.Quantile))?.Mean,
    };

    private static ReportValidation MergeValidation(IReadOnlyList<ReportValidation> parts) => new(
        MeanStd.Over(parts.Select(p => p.U))?.Mean, MeanStd.Over(parts.Select(p => p.S))?.Mean, MeanStd.Over(parts.Select(p => p.H))?.Mean);

    private static Dictionary<string, double> MergeTiming(IReadOnlyList<ZslReport> seeds) =>
        seeds.SelectMany(r => r.Timing).GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.Average(t => t.Value));

    private static List<ReportClass> MergeClasses(IReadOnlyList<ZslReport> seeds) =>
        [.. seeds[0].Classes.Select((c, i) => c with { Accuracy = MeanStd.Over(seeds.Select(r => r.Classes[i].Accuracy))?.Mean })];

    private static ReportSemanticError MergeSemanticError(IReadOnlyList<ReportSemanticError> parts)
    {
        var (seen, unseen) = (MeanStd.Over(parts.Select(p => p.MeanSeen))?.Mean, MeanStd.Over(parts.Select(p => p.MeanUnseen))?.Mean);
        return parts[0] with
        {
            MeanSeen = seen,
            MeanUnseen = unseen,
            RelativeIncrease = seen is { } s and not 0 && unseen is { } u ? (u - s) / s : null,
            Errors = [.. parts[0].Errors.Select((row, r) =>
                (IReadOnlyList<double>)[.. row.Select((_, a) => Math.Round(parts.Average(p => p.Errors[r][a]), 4))])],
        };
    }

    private static ReportPointingGame MergePointingGame(IReadOnlyList<ReportPointingGame> parts) => parts[0] with
    {
        Overall = MergeRows([.. parts.Select(p => p.Overall)]),
        Groups = [.. parts.SelectMany(p => p.Groups).GroupBy(g => g.Group).Select(g => MergeRows([.. g]))],
    };

    private static IReadOnlyList<PromptAccuracyRow> MergePrompts(IReadOnlyList<IReadOnlyList<PromptAccuracyRow>> parts) =>
        [.. parts.SelectMany(p => p).GroupBy(r => r.Group).Select(g => PromptAccuracyRow.Mean(g.Key, [.. g]))];

    private static PointingGameRow MergeRows(IReadOnlyList<PointingGameRow> rows)
    {
        var judged = rows.Sum(r => r.Judged);
        double Weighted(Func<PointingGameRow, double> rate) => rows.Sum(r => r.Judged * rate(r)) / Math.Max(1, judged);
        return new(rows[0].Group, judged, Weighted(r => r.HitRate), Weighted(r => r.Chance), Weighted(r => r.Centre));
    }

    private static List<ZslReport> MergeVariants(IReadOnlyList<ZslReport> seeds) =>
        [.. seeds.SelectMany(r => r.Variants).GroupBy(v => v.Variant).Select(g => Merge([.. g]))];

    private static void Require(IReadOnlyList<ZslReport> seeds)
    {
        if (seeds.Count == 0) throw new ConfigurationException(["Merging reports needs at least one report, found none."]);
        if (seeds.Count == 1) return;
        var errors = seeds.SelectMany((report, i) =>
            Differences(seeds[0], report).Select(d => $"Report {i + 1} cannot be merged with the first: {d}."))
            .ToList();
        foreach (var twice in seeds.SelectMany(r => r.Seeds).CountBy(seed => seed).Where(s => s.Value > 1))
            errors.Add($"Seed {twice.Key} appears {twice.Value} times; merge each seed once.");
        if (errors.Count > 0) throw new ConfigurationException(errors);
    }

    private static IEnumerable<string> Differences(ZslReport first, ZslReport other)
    {
        if (other.Seeds.Count != 1) yield return $"it has {other.Seeds.Count} seeds, expected one";
        if (other.Method != first.Method) yield return $"method '{other.Method}', expected '{first.Method}'";
        if (other.Variant != first.Variant) yield return $"variant '{other.Variant}', expected '{first.Variant}'";
        if (other.Dataset != first.Dataset) yield return $"dataset '{other.Dataset}', expected '{first.Dataset}'";
        if (other.Semantics != first.Semantics) yield return $"class semantics '{other.Semantics}', expected '{first.Semantics}'";
        if (other.Configuration != first.Configuration) yield return "another configuration";
        if (other.Protocol != first.Protocol) yield return $"protocol {other.Protocol}, expected {first.Protocol}";
        if (!other.Features.SequenceEqual(first.Features)) yield return "other features";
        if (other.Gamma.Scale != first.Gamma.Scale) yield return $"gamma on the {other.Gamma.Scale} scale, expected {first.Gamma.Scale}";
        if (!other.Classes.Select(c => c.Class).SequenceEqual(first.Classes.Select(c => c.Class))) yield return "other classes";
        if (!SameShape(other, first)) yield return "matrices of another size";
    }

    private static bool SameShape(ZslReport a, ZslReport b) =>
        SameShape(a.Confusion?.Counts, b.Confusion?.Counts) && SameShape(a.SemanticError?.Errors, b.SemanticError?.Errors);

    private static bool SameShape<T>(IReadOnlyList<IReadOnlyList<T>>? a, IReadOnlyList<IReadOnlyList<T>>? b) =>
        a is null || b is null || a.Select(row => row.Count).SequenceEqual(b.Select(row => row.Count));
}
