using CsCheck;
using Unseen.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Losses;

/// <summary>Losses of the compatibility methods and of mutual attention against plain loops, gradients against finite differences.</summary>
public sealed class RankingAndDistillationTests
{
    private const double Tolerance = 1e-6;
    private const double Margin = 0.7;
    private const double Step = 1e-5;

    private static readonly Gen<(double[,] A, double[,] B)> Pairs = Gen.Select(Gen.Int[1, 5], Gen.Int[2, 6]).SelectMany((rows, columns) =>
        Gen.Select(Gen.Double[-3, 3].Array2D[rows, columns], Gen.Double[-3, 3].Array2D[rows, columns]))
        .Where(pair => !TouchesTheMargin(pair.Item1));

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Losses = new()
    {
        ["sum"] = (a, _) => RankingLoss.Sum(a, Labels(a), Margin),
        ["worst"] = (a, _) => RankingLoss.Worst(a, Labels(a), Margin),
        ["ranked"] = (a, _) => RankingLoss.Ranked(a, Labels(a), Margin),
        ["cubic"] = DistillationLoss.WeightedCubic,
        ["euclidean"] = DistillationLoss.Euclidean,
        ["js"] = DistillationLoss.JensenShannon,
        ["regression"] = AttributeRegressionLoss.Compute,
        ["effect"] = (a, b) => CausalEffectLoss.Compute(a, b, Labels(a)),
    };

    public static TheoryData<string> Names => new(Losses.Keys);

    [Fact]
    public void EveryLossEqualsItsLoop() => Pairs.Sample(pair =>
    {
        using var scope = NewDisposeScope();
        var labels = Enumerable.Range(0, pair.A.GetLength(0)).Select(i => i % pair.A.GetLength(1)).ToArray();
        var expected = new Dictionary<string, double>
        {
            ["sum"] = NaiveRanking.Sum(pair.A, labels, Margin),
            ["worst"] = NaiveRanking.Worst(pair.A, labels, Margin),
            ["ranked"] = NaiveRanking.Ranked(pair.A, labels, Margin),
            ["cubic"] = NaiveRanking.Cubic(pair.A, pair.B),
            ["euclidean"] = NaiveRanking.Euclidean(pair.A, pair.B),
            ["js"] = NaiveRanking.JensenShannon(pair.A, pair.B),
            ["regression"] = NaiveRanking.Regression(pair.A, pair.B),
            ["effect"] = NaiveRanking.CausalEffect(pair.A, pair.B, labels),
        };
        foreach (var (name, loss) in Losses)
        {
            var found = loss(tensor(pair.A), tensor(pair.B)).item<double>();
            Assert.True(Math.Abs(found - expected[name]) <= Tolerance * Math.Max(1, expected[name]), $"{name}: {found} and {expected[name]}");
        }
    }, iter: 100, threads: 1);

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientsEqualFiniteDifferences(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var loss = Losses[name];
        var (a, b) = (randn(3, 4, float64), randn(3, 4, float64));
        var variable = a.clone().requires_grad_();
        loss(variable, b).backward();
        for (var i = 0; i < 12; i++)
        {
            var nudge = zeros(12, float64);
            nudge[i] = Step;
            nudge = nudge.view(3, 4);
            var slope = (loss(a + nudge, b) - loss(a - nudge, b)).item<double>() / (2 * Step);
            Assert.Equal(slope, variable.grad!.view(-1)[i].item<double>(), 1e-5);
        }
    }

    [Fact]
    public void RankingByHand()
    {
        using var scope = NewDisposeScope();
        // Right class 0 at 2; violations 0.5 (class 1), 2 (class 2), none (class 3); rank 2, weight (1 + 1/2) / 2.
        var scores = tensor(new[,] { { 2.0, 1.5, 3.0, 0.0 } });
        var labels = tensor(new long[] { 0 });
        Assert.Equal(2.5, RankingLoss.Sum(scores, labels, 1).item<double>(), Tolerance);
        Assert.Equal(2, RankingLoss.Worst(scores, labels, 1).item<double>(), Tolerance);
        Assert.Equal(0.75 * 2.5, RankingLoss.Ranked(scores, labels, 1).item<double>(), Tolerance);
    }

    [Fact]
    public void ARightClassThatWinsByTheMarginCostsNothing()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = (tensor(new[,] { { 0.0, 5.0, 1.0 } }).requires_grad_(), tensor(new long[] { 1 }));
        foreach (var loss in new[] { RankingLoss.Sum(scores, labels, 1), RankingLoss.Worst(scores, labels, 1), RankingLoss.Ranked(scores, labels, 1) })
        {
            Assert.Equal(0, loss.item<double>());
            loss.backward();
        }
        Assert.Equal(0, scores.grad!.abs().sum().item<double>());
    }

    [Fact]
    public void TheWeightedDistanceByHand()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (tensor(new[,] { { 4.0, 6.0 } }), tensor(new[,] { { 1.0, 2.0 } }));
        Assert.Equal(18.2, DistillationLoss.WeightedCubic(a, b).item<double>(), Tolerance);
        Assert.Equal(5, DistillationLoss.Euclidean(a, b).item<double>(), Tolerance);
    }

    [Fact]
    public void EqualScoresCostNothingAndHaveNoGradient()
    {
        using var scope = NewDisposeScope();
        var a = randn(3, 5, float64);
        var variable = a.clone().requires_grad_();
        var loss = DistillationLoss.WeightedCubic(variable, a) + DistillationLoss.Euclidean(variable, a) + DistillationLoss.JensenShannon(variable, a);
        Assert.Equal(0, loss.item<double>(), Tolerance);
        loss.backward();
        Assert.True(variable.grad!.abs().max().item<double>() < Tolerance);
    }

    [Fact]
    public void TheDivergenceIsSymmetricAndAtMostTheLogOfTwo() => Pairs.Sample(pair =>
    {
        using var scope = NewDisposeScope();
        var (a, b) = (tensor(pair.A) * 100, tensor(pair.B) * 100);
        var (one, other) = (DistillationLoss.JensenShannon(a, b).item<double>(), DistillationLoss.JensenShannon(b, a).item<double>());
        Assert.Equal(one, other, Tolerance);
        Assert.InRange(one, -Tolerance, Math.Log(2) + Tolerance);
    }, iter: 50, threads: 1);

    [Fact]
    public void AClassThatDoesNotCompeteIsLeftOut()
    {
        using var scope = NewDisposeScope();
        var (scores, without, labels) = (randn(3, 5, float64), randn(3, 5, float64), tensor(new long[] { 0, 3, 1 }));
        var offset = tensor(new[] { 0, 0, 0, 0, double.NegativeInfinity });
        var expected = CausalEffectLoss.Compute(scores[.., ..4], without[.., ..4], labels).item<double>();
        Assert.Equal(expected, CausalEffectLoss.Compute(scores, without, labels, offset).item<double>(), Tolerance);
        Assert.Equal(Math.Log(5), CausalEffectLoss.Compute(scores, scores, labels).item<double>(), Tolerance);
    }

    [Fact]
    public void WrongShapesAreRefused()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (zeros(2, 3), zeros(2, 4));
        Assert.Equal("'second' must have shape [2, 3], found [2, 4].",
            Assert.Throws<ShapeException>(() => DistillationLoss.JensenShannon(a, b)).Message);
        Assert.Throws<ShapeException>(() => DistillationLoss.WeightedCubic(a, b));
        Assert.Throws<ShapeException>(() => DistillationLoss.Euclidean(a, b));
        Assert.Throws<ShapeException>(() => AttributeRegressionLoss.Compute(a, b));
        Assert.Throws<ShapeException>(() => CausalEffectLoss.Compute(a, b, zeros(2, int64)));
        Assert.Throws<ShapeException>(() => CausalEffectLoss.Compute(a, a, zeros(3, int64)));
        Assert.Throws<ShapeException>(() => RankingLoss.Sum(a, zeros(3, int64), 1));
        Assert.Throws<ShapeException>(() => RankingLoss.Worst(zeros(3), zeros(3, int64), 1));
        Assert.Throws<ShapeException>(() => RankingLoss.Ranked(a, zeros(1, int64), 1));
    }

    /// <summary>Whether a score lies on the margin up to rounding: the ranked loss jumps there, so both answers are right.</summary>
    private static bool TouchesTheMargin(double[,] scores) => Enumerable.Range(0, scores.GetLength(0)).Any(row =>
        Enumerable.Range(0, scores.GetLength(1)).Any(c => Math.Abs(Margin + scores[row, c] - scores[row, row % scores.GetLength(1)]) < 1e-12));

    private static Tensor Labels(Tensor scores) => arange(scores.shape[0], int64).remainder(scores.shape[1]);
}
