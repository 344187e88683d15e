namespace Unseen.Evaluation;

/// <summary>
/// The exact seen-unseen curve of calibrated stacking, for all gammas at once: prediction = arg max over classes of
/// (score - gamma if the class is seen). One pass over the scores, then one sort.
/// </summary>
/// <remarks>
/// Chao et al., An empirical study and analysis of generalized zero-shot learning, ECCV 2016. As gamma grows, each image changes from
/// its best seen answer to its best unseen answer once, at gamma* = m_S - m_U (best seen minus best unseen score). Tie rules: the unseen
/// answer holds when gamma >= gamma*; among equal scores of one set the lowest class id wins. A margin that the method adds itself is
/// already inside the scores, so gamma 0 is the method's own calibration. A test set without images has null accuracy.
/// </remarks>
public sealed class StackingCurve
{
    private readonly ScoreTable table;
    private readonly ImageAnswers answers;
    private readonly CurveStates states;
    private readonly double[] breakpoints;    // ascending, one per image

    private StackingCurve(ScoreTable table)
    {
        this.table = table;
        answers = ImageAnswers.Of(table);
        breakpoints = new double[table.Images];
        for (var i = 0; i < breakpoints.Length; i++) breakpoints[i] = answers.Breakpoint(i);
        var order = Enumerable.Range(0, table.Images).ToArray();
        Array.Sort(breakpoints, order);
        states = new CurveStates(table, answers, breakpoints, order);
        T1 = ClassificationMetrics.Of(answers.UnseenAnswer, table.Labels, table.Classes).Macro(c => !table.SeenClass[c]);
    }

    /// <summary>Computes the whole curve.</summary>
    /// <exception cref="ShapeException">The arrays of the table do not fit together.</exception>
    /// <exception cref="UnseenException">A score is NaN or infinite.</exception>
    public static StackingCurve Compute(ScoreTable table) => new(table);

    /// <summary>
    /// Conventional accuracy (CZSL): images of unseen classes, arg max over the unseen classes only, macro; null without such images.
    /// </summary>
    public double? T1 { get; }

    /// <summary>
    /// Area under the seen-unseen curve over all gammas, 0..1, trapezoids where images change together; null when a test set is empty.
    /// </summary>
    public double? Ausuc => states.HasBoth ? states.Area() : null;

    /// <summary>
    /// The largest H of all gammas: the oracle, chosen on these very images. Gamma is the middle of the widest interval on which this H
    /// holds (the lowest of equally wide ones). Without one of the test sets, or when H is 0 everywhere: the result at gamma 0.
    /// </summary>
    public GzslResult Best => states.BestGamma() is { } gamma ? At(gamma) : At(0);

    /// <summary>The accuracies at one gamma.</summary>
    /// <param name="gamma">Any number, infinities included.</param>
    public GzslResult At(double gamma) => states.Result(states.IndexAt(gamma), gamma);

    /// <summary>Predicted class id per image at one gamma.</summary>
    public int[] Predict(double gamma)
    {
        var predicted = new int[table.Images];
        for (var i = 0; i < predicted.Length; i++)
            predicted[i] = gamma >= answers.Breakpoint(i) ? answers.UnseenAnswer[i] : answers.SeenAnswer[i];
        return predicted;
    }

    /// <summary>Accuracy per class at one gamma, in class order.</summary>
    public IReadOnlyList<ClassAccuracy> PerClass(double gamma) =>
        ClassificationMetrics.Of(Predict(gamma), table.Labels, table.Classes).Table(table.SeenClass);

    /// <summary>Confusion matrix at one gamma.</summary>
    public ConfusionMatrix Confusion(double gamma) => ConfusionMatrix.Of(Predict(gamma), table.Labels, table.Classes);

    /// <summary>
    /// The gamma at a quantile of (m_S - m_U) over the images of the table, linear between neighbours. This form of gamma carries over
    /// to scores of another spread. 0 when the table has no image, no seen class or no unseen class.
    /// </summary>
    /// <param name="quantile">0..1; values outside are clamped.</param>
    public double GammaAtQuantile(double quantile)
    {
        if (!HasQuantiles) return 0;
        var place = Math.Clamp(quantile, 0, 1) * (breakpoints.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, breakpoints.Length - 1);
        return breakpoints[below] + (place - below) * (breakpoints[above] - breakpoints[below]);
    }

    /// <summary>
    /// The quantile of gamma among (m_S - m_U) of the images, 0..1: the inverse of <see cref="GammaAtQuantile"/>. The middle of equal
    /// values; 0 or 1 for a gamma outside all values; 0.5 when there are no values.
    /// </summary>
    public double QuantileOf(double gamma)
    {
        if (!HasQuantiles) return 0.5;
        var first = Sorted.CountBelow(breakpoints, gamma);
        var last = Sorted.CountAtMost(breakpoints, gamma) - 1;
        if (first == breakpoints.Length) return 1;
        if (last < 0) return 0;
        var place = last >= first ? (first + last) / 2.0
            : last + (gamma - breakpoints[last]) / (breakpoints[first] - breakpoints[last]);
        return breakpoints.Length == 1 ? 0.5 : place / (breakpoints.Length - 1);
    }

    /// <summary>
    /// The curve from "all seen" to "all unseen", one point per distinct pair of accuracies; empty when a test set is empty.
    /// </summary>
    /// <param name="maximum">Number of points to keep at most (at least 2), spread evenly along the curve, both ends kept.</param>
    public IReadOnlyList<CurvePoint> Points(int maximum = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 2);
        return states.HasBoth ? CurveSampling.Downsample(states.Points(), maximum) : [];
    }

    private bool HasQuantiles => breakpoints.Length > 0 && table.SeenClass.Contains(true) && table.SeenClass.Contains(false);
}
