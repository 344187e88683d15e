using Unseen.Evaluation;
using Xunit;

namespace Unseen.Tests.Evaluation;

public sealed class StackingCurveTests
{
    /// <summary>
    /// Classes 0, 1 seen, 2, 3 unseen. Breakpoints m_S - m_U and rightness worked out by hand:
    /// image 0 (class 0): 5 - 1 = 4, seen answer 0 right; image 1 (class 1): 3 - 2 = 1, seen answer 1 right;
    /// image 2 (class 2): 4 - 3 = 1 (ties with image 1), unseen answer 2 right; image 3 (class 3): 2 - 4 = -2, unseen answer 3 right;
    /// image 4 (class 3): 6 - 3 = 3, unseen answer 2 wrong.
    /// </summary>
    private static readonly ScoreTable Hand = new(
        [5, 0, 1, 0,
         2, 3, 0, 2,
         4, 1, 3, 2,
         2, 1, 0, 4,
         0, 6, 3, 1],
        [0, 1, 2, 3, 3], [true, true, false, false]);

    [Theory]
    [InlineData(-3, 0, 1, 0, 1)]
    [InlineData(-2, 0.25, 1, 1 / 3.0, 1)]          // switches exactly at its breakpoint
    [InlineData(0.999, 0.25, 1, 1 / 3.0, 1)]
    [InlineData(1, 0.75, 0.5, 2 / 3.0, 0.5)]       // images 1 and 2 switch together
    [InlineData(3.5, 0.75, 0.5, 2 / 3.0, 0.5)]
    [InlineData(4, 0.75, 0, 2 / 3.0, 0)]
    public void Accuracies_at_a_gamma_worked_out_by_hand(double gamma, double u, double s, double microU, double microS)
    {
        var result = StackingCurve.Compute(Hand).At(gamma);
        Assert.Equal(new GzslResult(gamma, u, s, u * s == 0 ? 0 : 2 * u * s / (u + s), microU, microS), result);
    }

    [Fact]
    public void Curve_figures_worked_out_by_hand()
    {
        var curve = StackingCurve.Compute(Hand);
        Assert.Equal(0.75, curve.T1);
        // Trapezoid (1 -> 0.5) under U (0.25 -> 0.75), then (0.5 -> 0) under 0.75.
        Assert.Equal(0.5 * 0.5 + 0.5 * 0.75, curve.Ausuc);
        // H = 2 * 0.75 * 0.5 / 1.25 = 0.6 holds on [1, 4): the change of image 4 at 3 alters nothing. Middle 2.5.
        Assert.Equal(new GzslResult(2.5, 0.75, 0.5, 0.6, 2 / 3.0, 0.5), curve.Best);
        Assert.Equal([new(double.NegativeInfinity, 0, 1), new(-2, 0.25, 1), new(1, 0.75, 0.5), new(4, 0.75, 0)], curve.Points());
    }

    [Fact]
    public void Predictions_confusion_and_classes_agree_with_the_accuracies()
    {
        var curve = StackingCurve.Compute(Hand);
        Assert.Equal([0, 3, 2, 3, 1], curve.Predict(2));
        Assert.Equal([new(0, true, 1, 1), new(1, true, 1, 0), new(2, false, 1, 1), new(3, false, 2, 0.5)], curve.PerClass(2));
        var confusion = curve.Confusion(2);
        Assert.Equal([(1, 3, 1), (3, 1, 1)], confusion.TopMistakes(10));
        Assert.Equal(1, confusion.Counts[3, 3]);
    }

    [Fact]
    public void Widest_interval_wins_among_equal_h()
    {
        // Breakpoints -5 (unseen right), then seen right at 0 and unseen right at 1, seen right at 9:
        // H(1/2, 1) on [-5, 0) and H(1, 1/2) on [1, 9) are equal; the second is wider.
        var table = new ScoreTable([0, 5, 0, 0, 1, 0, 9, 0], [1, 0, 1, 0], [true, false]);
        Assert.Equal(5, StackingCurve.Compute(table).Best.Gamma);
    }

    [Fact]
    public void Equal_scores_go_to_the_lowest_class_of_the_set()
    {
        var table = new ScoreTable([1, 1, 1, 1], [1], [true, true, false, false]);
        Assert.Equal([0], StackingCurve.Compute(table).Predict(-0.1));
        Assert.Equal([2], StackingCurve.Compute(table).Predict(0));
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(40, 1)]
    [InlineData(200, 2)]
    [InlineData(7, 3)]
    public void Sorted_sweep_equals_brute_force_over_2000_gammas(int classes, int seed)
    {
        var table = RandomTables.Create(classes, 60, seed);
        var curve = StackingCurve.Compute(table);
        var gammas = Enumerable.Range(0, 2000).Select(i => -5 + i * 0.005).ToArray();
        var best = 0.0;
        foreach (var gamma in gammas)
        {
            var (u, s, h) = NaiveEvaluation.Gzsl(table.Scores, table.Labels, table.SeenClass, gamma);
            var result = curve.At(gamma);
            Assert.Equal(u, result.U!.Value, 1e-12);
            Assert.Equal(s, result.S!.Value, 1e-12);
            Assert.Equal(h, result.H!.Value, 1e-12);
            best = Math.Max(best, h);
        }
        Assert.InRange(best, 0.01, curve.Best.H!.Value + 1e-12);
        Assert.Equal(NaiveEvaluation.T1(table.Scores, table.Labels, table.SeenClass), curve.T1!.Value, 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Area_and_best_equal_brute_force_between_all_breakpoints(int levels)
    {
        var table = RandomTables.Create(11, 50, 5, levels);
        var breakpoints = NaiveBreakpoints(table).Distinct().Order().ToArray();
        var gammas = new List<double> { breakpoints[0] - 1 };
        gammas.AddRange(breakpoints);
        var curve = StackingCurve.Compute(table);
        Assert.Equal(NaiveEvaluation.Ausuc(table.Scores, table.Labels, table.SeenClass, [.. gammas]), curve.Ausuc!.Value, 1e-12);
        Assert.Equal(NaiveEvaluation.Best(table.Scores, table.Labels, table.SeenClass, [.. gammas]).H, curve.Best.H!.Value, 1e-12);
    }

    [Fact]
    public void Perfect_model_has_area_one()
    {
        var table = RandomTables.Perfect([true, false, true, false, true], [0, 0, 0, 1, 2, 3, 3, 4]);
        var curve = StackingCurve.Compute(table);
        Assert.Equal(1, curve.Ausuc!.Value, 1e-12);
        Assert.Equal(1, curve.T1!.Value, 1e-12);
        Assert.Equal(1, curve.Best.H!.Value, 1e-12);
        Assert.Equal(0, curve.Best.Gamma);    // breakpoints -1 and 1: the middle
    }

    [Fact]
    public void Without_images_of_a_set_its_figures_are_null()
    {
        var onlySeen = StackingCurve.Compute(new([1, 0, 0, 1], [0, 0], [true, false]));
        Assert.Equal(new GzslResult(0, null, 0.5, null, null, 0.5), onlySeen.Best);
        Assert.Null(onlySeen.T1);
        Assert.Null(onlySeen.Ausuc);
        Assert.Empty(onlySeen.Points());

        var onlyUnseen = StackingCurve.Compute(new([1, 0, 0, 1], [1, 1], [true, false]));
        Assert.Equal(new GzslResult(0, 0.5, null, null, 0.5, null), onlyUnseen.At(0));
        Assert.Equal(1, onlyUnseen.T1);
    }

    [Fact]
    public void Without_images_or_classes_nothing_fails()
    {
        Assert.Equal(new GzslResult(0, null, null, null, null, null), StackingCurve.Compute(new([], [], [true, false])).Best);
        Assert.Equal(new GzslResult(0, null, null, null, null, null), StackingCurve.Compute(new([], [], [])).Best);
        var noUnseenClass = StackingCurve.Compute(new([1, 0], [0], [true, true]));
        Assert.Equal(new GzslResult(99, null, 1, null, null, 1), noUnseenClass.At(99));
        Assert.Equal(0, noUnseenClass.GammaAtQuantile(0.3));
        var noSeenClass = StackingCurve.Compute(new([1, 0], [0], [false, false]));
        Assert.Equal(1, noSeenClass.At(-99).U);
    }

    [Fact]
    public void Quantiles_are_linear_between_the_sorted_differences()
    {
        var curve = StackingCurve.Compute(Hand);    // differences -2, 1, 1, 3, 4
        Assert.Equal(-2, curve.GammaAtQuantile(0));
        Assert.Equal(1, curve.GammaAtQuantile(0.5));
        Assert.Equal(2, curve.GammaAtQuantile(0.625), 1e-12);
        Assert.Equal(4, curve.GammaAtQuantile(1));
        Assert.Equal(0.375, curve.QuantileOf(1));    // middle of the two equal ones
        Assert.Equal(0.625, curve.QuantileOf(2), 1e-12);
        Assert.Equal(0, curve.QuantileOf(-7));
        Assert.Equal(1, curve.QuantileOf(7));
        foreach (var gamma in new[] { -2, -1.3, 1, 2.7, 4 }) Assert.Equal(gamma, curve.GammaAtQuantile(curve.QuantileOf(gamma)), 1e-12);
    }

    [Fact]
    public void Downsampled_points_keep_the_ends_and_the_order()
    {
        var curve = StackingCurve.Compute(RandomTables.Create(20, 400, 3));
        var (all, few) = (curve.Points(), curve.Points(20));
        Assert.True(all.Count > 100);
        Assert.InRange(few.Count, 10, 20);
        Assert.Equal((all[0], all[^1]), (few[0], few[^1]));
        Assert.Empty(few.Except(all));
        Assert.Equal(few.OrderBy(p => p.Gamma), few);
    }

    [Fact]
    public void Broken_tables_are_refused_with_a_reason()
    {
        Assert.Equal("Score table: expected 2 images x 2 classes = 4 scores, found 3. Pass the scores row-major, one row per label.",
            Assert.Throws<ShapeException>(() => StackingCurve.Compute(new([1, 2, 3], [0, 1], [true, false]))).Message);
        Assert.Equal("Score table: the label of image 1 must be a class id from 0 to 1, found 2.",
            Assert.Throws<ShapeException>(() => StackingCurve.Compute(new([1, 2, 3, 4], [0, 2], [true, false]))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => StackingCurve.Compute(Hand).At(double.NaN));
    }

    [Theory]
    [InlineData(3, float.NaN, "NaN")]
    [InlineData(33, float.NaN, "NaN")]
    [InlineData(33, float.PositiveInfinity, "Infinity")]
    [InlineData(33, float.NegativeInfinity, "-Infinity")]
    public void Scores_that_are_not_finite_are_refused(int classes, float broken, string shown)
    {
        var table = RandomTables.Create(classes, 5, 1);
        table.Scores[3 * classes + 2] = broken;
        var error = Assert.Throws<UnseenException>(() => StackingCurve.Compute(table));
        Assert.Equal($"Score table: the score of image 3 for class 2 must be finite, found {shown}. " +
            "The model has diverged or its features are broken.", error.Message);
    }

    private static IEnumerable<double> NaiveBreakpoints(ScoreTable table)
    {
        for (var i = 0; i < table.Images; i++)
        {
            var row = table.Row(i).ToArray();
            yield return (double)row.Where((_, c) => table.SeenClass[c]).Max() - row.Where((_, c) => !table.SeenClass[c]).Max();
        }
    }
}
