namespace Unseen.Evaluation;

/// <summary>
/// Reading attributes off pictures by prompts, against the annotation: for every image and group, do the model's strongest attributes of the
/// group belong to what the true class has?
/// </summary>
/// <remarks>
/// Chen et al., DUET, AAAI 2023, section 4.5 and figure 6 show the three strongest of each prompt beside the ground truth for single pictures;
/// this counts it over all. An image is judged in a group of which its class has at least one attribute and
/// lacks at least one. Equal scores: the attribute that comes first.
/// </remarks>
public static class PromptAccuracy
{
    private const int Shown = 3;

    /// <summary>The figures of each group, in ordinal order of name, with the row "all" last; empty when no image could be judged.</summary>
    /// <param name="scores">Strength of each attribute in each image [images, attributes], row-major; comparable within a group.</param>
    /// <param name="labels">True class of each image.</param>
    /// <param name="groups">Group name of each attribute.</param>
    /// <param name="classValues">What classes have [classes, attributes], 0..1.</param>
    /// <param name="seenClass">True for seen classes, whose annotation is the common answer.</param>
    /// <param name="presence">A class has an attribute when its value reaches this, 0..1.</param>
    /// <exception cref="ShapeException">The arrays do not fit together.</exception>
    public static IReadOnlyList<PromptAccuracyRow> Compute(
        ReadOnlyMemory<float> scores, IReadOnlyList<int> labels, IReadOnlyList<string> groups, float[,] classValues, IReadOnlyList<bool> seenClass,
        double presence)
    {
        bool Has(int label, int attribute) => classValues[label, attribute] >= (float)presence;
        if (scores.Length != labels.Count * groups.Count || classValues.GetLength(1) != groups.Count || classValues.GetLength(0) != seenClass.Count)
            throw new ShapeException($"Prompt accuracy: {scores.Length} scores of {labels.Count} images, {groups.Count} groups, class values of "
                + $"{classValues.GetLength(0)} classes and {classValues.GetLength(1)} attributes, and {seenClass.Count} marks of seen classes do not fit together.");
        var rows = groups.Index().GroupBy(g => g.Item, g => g.Index, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Judge(g.Key, [.. g], scores, labels, groups.Count, Has, seenClass)).Where(r => r.Judged > 0).ToList();
        return rows.Count == 0 ? [] : [.. rows, PromptAccuracyRow.Mean("all", rows)];
    }

    private static PromptAccuracyRow Judge(
        string name, int[] group, ReadOnlyMemory<float> scores, IReadOnlyList<int> labels, int width, Func<int, int, bool> has, IReadOnlyList<bool> seenClass)
    {
        var common = group.MaxBy(a => seenClass.Index().Count(c => c.Item && has(c.Index, a)));
        var (judged, first, amongThree, byChance, byCommon) = (0, 0, 0, 0.0, 0);
        for (var i = 0; i < labels.Count; i++)
        {
            var right = group.Count(a => has(labels[i], a));
            if (right == 0 || right == group.Length) continue;
            var row = scores.Slice(i * width, width);
            var best = group.OrderByDescending(a => row.Span[a]).Take(Shown).Select(a => has(labels[i], a)).ToArray();
            judged++;
            byChance += (double)right / group.Length;
            if (best[0]) first++;
            if (best.Contains(true)) amongThree++;
            if (has(labels[i], common)) byCommon++;
        }
        var images = Math.Max(1, judged);
        return new(name, judged, (double)first / images, (double)amongThree / images, byChance / images, (double)byCommon / images);
    }
}

/// <summary>How well a model reads the attributes of a group off pictures; shares are 0..1.</summary>
/// <param name="Group">Group of attributes, or "all".</param>
/// <param name="Judged">Images judged.</param>
/// <param name="First">Share of them whose class has the strongest attribute.</param>
/// <param name="AmongThree">Share of them whose class has one of the three strongest.</param>
/// <param name="Chance">Share for the strongest if it were drawn at random.</param>
/// <param name="Common">Share for the attribute that most seen classes have.</param>
public sealed record PromptAccuracyRow(string Group, int Judged, double First, double AmongThree, double Chance, double Common)
{
    internal static PromptAccuracyRow Mean(string group, IReadOnlyList<PromptAccuracyRow> rows)
    {
        var judged = rows.Sum(r => r.Judged);
        double Weighted(Func<PromptAccuracyRow, double> share) => rows.Sum(r => r.Judged * share(r)) / Math.Max(1, judged);
        return new(group, judged, Weighted(r => r.First), Weighted(r => r.AmongThree), Weighted(r => r.Chance), Weighted(r => r.Common));
    }
}
