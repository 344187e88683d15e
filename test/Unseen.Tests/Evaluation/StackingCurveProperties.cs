using CsCheck;
using Unseen.Evaluation;
using Xunit;

namespace Unseen.Tests.Evaluation;

public sealed class StackingCurveProperties
{
    [Fact]
    public void Harmonic_mean_is_at_most_the_mean_and_zero_with_a_zero() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Sample((u, s) =>
        {
            var h = ClassificationMetrics.HarmonicMean(u, s)!.Value;
            Assert.InRange(h, 0, (u + s) / 2 + 1e-12);
            Assert.Equal(0, ClassificationMetrics.HarmonicMean(0, s));
            Assert.Equal(0, ClassificationMetrics.HarmonicMean(u, 0));
        });

    [Fact]
    public void Larger_gamma_never_raises_seen_nor_lowers_unseen() =>
        Gen.Select(RandomTables.Any, Gen.Double[-6, 6], Gen.Double[0, 6]).Sample((table, gamma, more) =>
        {
            var curve = StackingCurve.Compute(table);
            var (before, after) = (curve.At(gamma), curve.At(gamma + more));
            Assert.True((after.S ?? 0) <= (before.S ?? 0));
            Assert.True((after.U ?? 0) >= (before.U ?? 0));
        });

    [Fact]
    public void Any_gamma_equals_the_naive_evaluation() =>
        Gen.Select(RandomTables.Any, Gen.Int[-12, 12]).Sample((table, halves) =>
        {
            var gamma = halves / 2.0;    // hits the breakpoints of tied tables exactly
            var (u, s, _) = NaiveEvaluation.Gzsl(table.Scores, table.Labels, table.SeenClass, gamma);
            var curve = StackingCurve.Compute(table);
            Assert.Equal(u, curve.At(gamma).U ?? 0, 1e-12);
            Assert.Equal(s, curve.At(gamma).S ?? 0, 1e-12);
            var naive = NaiveEvaluation.Predict(table.Scores, table.Images, table.SeenClass, gamma, unseenOnly: false);
            Assert.Equal(naive, curve.Predict(gamma));
        });

    [Fact]
    public void Infinite_gamma_leaves_the_conventional_setting() =>
        RandomTables.Any.Sample(table =>
        {
            var curve = StackingCurve.Compute(table);
            var limit = curve.At(double.PositiveInfinity);
            Assert.Equal(curve.T1 ?? 0, limit.U ?? 0, 1e-12);
            Assert.Equal(0, limit.S ?? 0);
            Assert.Equal(0, curve.At(double.NegativeInfinity).U ?? 0);
        });

    /// <summary>Of classes with the same score the first is the answer, so their order matters: none tie here.</summary>
    [Fact]
    public void Order_of_classes_and_images_does_not_matter() =>
        Gen.Select(Gen.Int[2, 30], Gen.Int[1, 50], Gen.Int[0, 99_999]).Sample((classes, images, seed) =>
        {
            var table = RandomTables.WithoutTies(RandomTables.Create(classes, images, seed));
            var (a, b) = (StackingCurve.Compute(table), StackingCurve.Compute(Shuffle(table, seed + 1)));
            Assert.Equal(a.T1 ?? 0, b.T1 ?? 0, 1e-12);
            Assert.Equal(a.Ausuc ?? 0, b.Ausuc ?? 0, 1e-12);
            Assert.Equal(a.At(0.3).H ?? 0, b.At(0.3).H ?? 0, 1e-12);
            Assert.Equal(a.Best.H ?? 0, b.Best.H ?? 0, 1e-12);
        });

    [Fact]
    public void Best_is_reached_by_its_gamma_and_by_no_other_point_surpassed() =>
        RandomTables.Any.Sample(table =>
        {
            var curve = StackingCurve.Compute(table);
            Assert.Equal(curve.At(curve.Best.Gamma), curve.Best);
            foreach (var point in curve.Points()) Assert.True(curve.At(point.Gamma).H <= curve.Best.H);
        });

    private static ScoreTable Shuffle(ScoreTable table, int seed)
    {
        var random = new Random(seed);
        var classes = Enumerable.Range(0, table.Classes).ToArray();
        var images = Enumerable.Range(0, table.Images).ToArray();
        random.Shuffle(classes);
        random.Shuffle(images);
        return new(
            [.. images.SelectMany(i => classes.Select(c => table.Row(i)[c]))],
            [.. images.Select(i => Array.IndexOf(classes, table.Labels[i]))],
            [.. classes.Select(c => table.SeenClass[c])]);
    }
}
