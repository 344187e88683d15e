using CsCheck;
using Unseen.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Losses;

/// <summary>Metric losses against plain loops over pairs, in 64-bit, and by hand.</summary>
public sealed class MetricLossTests
{
    private const double Tolerance = 1e-7;                                                     // softplus is linear from 20 on

    private static readonly Gen<(double[,] Rows, double[,] Semantics, long[] Labels)> Batches = Gen.Int[1, 7].SelectMany(n => Gen.Select(
        Gen.Double[0.1, 2].Array2D[n, 3], Gen.Double[-1, 1].Array2D[4, 2], Gen.Long[0, 3].Array[n]));

    [Fact]
    public void TheMetricLossesEqualTheLoops() => Batches.Sample(batch =>
    {
        using var scope = NewDisposeScope();
        var naive = NaiveMetricLosses.Cosines(batch.Rows);
        var (s, y) = (PairSimilarity.Cosine(tensor(batch.Rows)), tensor(batch.Labels));
        Close(NaiveMetricLosses.Circle(naive, batch.Labels, 0.25, 8, true), CircleLoss.Pml(s, y, 0.25, 8));
        Close(NaiveMetricLosses.Circle(naive, batch.Labels, 0.25, 8, false), CircleLoss.Paper(s, y, 0.25, 8));
        Close(NaiveMetricLosses.Contrastive(naive, batch.Labels, 0.01, 0.6), ContrastiveLoss.Compute(s, y, 0.01, 0.6));
        Close(NaiveMetricLosses.MultiSimilarity(naive, batch.Labels, 2, 7, 0.5), MultiSimilarityLoss.Compute(s, y, 2, 7, 0.5));
        Close(NaiveMetricLosses.SupervisedContrastive(naive, batch.Labels, 0.3), SupervisedContrastiveLoss.Compute(s, y, 0.3));
    }, iter: 100, threads: 1);

    [Fact]
    public void ImplicitSemanticsEqualTheCosinesOfConcatenations() => Batches.Sample(batch =>
    {
        using var scope = NewDisposeScope();
        var expected = NaiveMetricLosses.Cosines(NaiveMetricLosses.Append(batch.Rows, batch.Semantics, batch.Labels));
        var semantics = tensor(batch.Semantics);
        var found = PairSimilarity.ImplicitSemantics(tensor(batch.Rows), tensor(batch.Labels), semantics.mm(semantics.t()));
        Assert.True((found - tensor(expected)).abs().max().item<double>() < 1e-9);
    }, iter: 100, threads: 1);

    /// <summary>Semantics that are the same for all classes tell nothing: the loss is that of [h ; constant].</summary>
    [Fact]
    public void ConstantSemanticsAreAConstantAppended()
    {
        using var scope = NewDisposeScope();
        var (h, y) = (rand(6, 3, float64), tensor(new long[] { 0, 0, 1, 1, 2, 2 }));
        var constant = full(6, 1, 0.7, float64);
        var expected = CircleLoss.Pml(PairSimilarity.Cosine(cat([h, constant], 1)), y, 0.25, 16);
        var found = CircleLoss.Pml(PairSimilarity.ImplicitSemantics(h, y, full(3, 3, 0.49, float64)), y, 0.25, 16);
        Assert.Equal(expected.item<double>(), found.item<double>(), 1e-9);
    }

    [Fact]
    public void CircleAtItsMarginsIsLn2()
    {
        using var scope = NewDisposeScope();
        const double M = 0.4;
        var s = tensor(new[,] { { 1, 1 - M, M }, { 1 - M, 1, -1 }, { M, -1, 1 } });
        var y = tensor(new long[] { 0, 0, 1 });
        // Image 0: both exponents 0. Image 1: pulled 0, pushed (-1 + m)₊ = 0. Image 2 has no companion: its loss is 0 and does not count.
        Assert.Equal(Math.Log(2), CircleLoss.Pml(s, y, M, 80).item<double>(), 1e-9);
    }

    /// <summary>
    /// α_p and α_n say how hard a pair pulls and have no derivative of their own. The similarities are any numbers, so that some negative
    /// pairs have no weight and most pairs are off their margins, where constants and functions have other gradients.
    /// </summary>
    [Fact]
    public void TheWeightsOfTheCircleLossAreConstants() => Gen.Int[2, 7].SelectMany(n => Gen.Select(
        Gen.Double[-1, 1].Array2D[n, n], Gen.Long[0, 2].Array[n])).Sample((values, labels) =>
        {
            using var scope = NewDisposeScope();
            var s = tensor(values).requires_grad_();
            CircleLoss.Pml(s, tensor(labels), 0.25, 8).backward();
            var expected = tensor(NaiveMetricLosses.CircleGradient(values, labels, 0.25, 8));
            Assert.True((s.grad! - expected).abs().max().item<double>() < Tolerance);
        }, iter: 100, threads: 1);

    [Fact]
    public void TheGradientOfTheCircleLossByHand()
    {
        using var scope = NewDisposeScope();
        var s = tensor(new[,] { { 1, 0.5, 0.5 }, { 0.5, 1, 0.5 }, { 0.5, 0.5, 1.0 } }).requires_grad_();
        CircleLoss.Pml(s, tensor(new long[] { 0, 0, 1 }), 0.25, 4).backward();
        // α_p = α_n = 0.75; exponents -4 · 0.75 · (0.5 - 0.75) and 4 · 0.75 · (0.5 - 0.25), together 1.5; image 2 does not count.
        var g = 4 * 0.75 / (1 + Math.Exp(-1.5)) / 2;                                           // 4 instead of 4 · 0.75 if α had a derivative
        Assert.True(s.grad!.allclose(tensor(new[,] { { 0, -g, g }, { -g, 0, g }, { 0, 0, 0 } }), 0, 1e-9));
    }

    [Fact]
    public void PaperCircleByHand()
    {
        using var scope = NewDisposeScope();
        var s = tensor(new[,] { { 1, 0.5, 0.25 }, { 0.5, 1, 0.25 }, { 0.25, 0.25, 1.0 } });
        var y = tensor(new long[] { 0, 0, 1 });
        Assert.Equal(Math.Log(2), CircleLoss.Paper(s, y, 0.25, 10).item<double>(), 1e-9);      // 10 (0.25 + 0.25) - 10 · 0.5 = 0
    }

    [Fact]
    public void ContrastiveByHand()
    {
        using var scope = NewDisposeScope();
        var s = tensor(new[,] { { 1, 0.5, 0.875 }, { 0.5, 1, 0.0 }, { 0.875, 0.0, 1 } });
        var y = tensor(new long[] { 0, 0, 1 });
        // Distances: positive pair 1; negative pairs 0.5 (costs 0.5) and √2 (costs nothing, does not count).
        Assert.Equal(1.5, ContrastiveLoss.Compute(s, y).item<double>(), 1e-9);
    }

    /// <summary>Parallel embeddings have distance 0, also where rounding makes their cosine a little more than 1.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(1 + 2.2e-16)]
    public void ContrastiveOfParallelEmbeddingsIsExact(double cosine)
    {
        using var scope = NewDisposeScope();
        var s = full(2, 2, cosine, float64).requires_grad_();
        var different = ContrastiveLoss.Compute(s, tensor(new long[] { 0, 1 }), 0.01, 0.6);
        var same = ContrastiveLoss.Compute(s, tensor(new long[] { 0, 0 }), 0.01, 0.6);
        (different + same).backward();
        Assert.Equal(0.6, different.item<double>(), 1e-15);
        Assert.Equal(0, same.item<double>());
        Assert.Equal(0, s.grad!.abs().max().item<double>());
    }

    [Fact]
    public void MultiSimilarityByHand()
    {
        using var scope = NewDisposeScope();
        var (s, y) = (full(2, 2, 0.5, float64), tensor(new long[] { 0, 1 }));
        Assert.Equal(Math.Log(2) / 50, MultiSimilarityLoss.Compute(s, y).item<double>(), 1e-9);
        Assert.Equal(Math.Log(2) / 2, MultiSimilarityLoss.Compute(s, zeros(2, int64)).item<double>(), 1e-9);
    }

    [Fact]
    public void SupervisedContrastiveOfEqualSimilaritiesIsTheLogOfTheOthers()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new long[] { 0, 0, 1, 2 });
        Assert.Equal(Math.Log(3), SupervisedContrastiveLoss.Compute(full(4, 4, 0.3, float64), y, 0.1).item<double>(), 1e-9);
        Assert.Equal(0, SupervisedContrastiveLoss.Compute(full(3, 3, 0.3, float64), arange(3), 0.1).item<double>(), 1e-9);
    }

    /// <summary>Gradients by finite differences; the weights of PML's circle loss are constants, so it has none of that kind.</summary>
    [Fact]
    public void GradientsEqualFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var y = tensor(new long[] { 0, 0, 1, 1, 2 });
        Func<Tensor, Tensor>[] losses =
        [
            h => CircleLoss.Paper(PairSimilarity.Cosine(h), y, 0.25, 4),
            h => ContrastiveLoss.Compute(PairSimilarity.Cosine(h), y),
            h => MultiSimilarityLoss.Compute(PairSimilarity.ImplicitSemantics(h, y, eye(3, dtype: float64)), y),
            h => SupervisedContrastiveLoss.Compute(PairSimilarity.Cosine(h), y, 0.5),
        ];
        foreach (var loss in losses) RequireGradient(loss, rand(5, 3, float64));
    }

    [Fact]
    public void GradientsAreFiniteForEqualEmbeddingsAndSingleImages()
    {
        using var scope = NewDisposeScope();
        foreach (var (rows, y) in new[] { (4, new long[] { 0, 0, 1, 1 }), (1, [0L]), (3, [0, 1, 2]), (3, [1, 1, 1]) })
        {
            var h = ones(rows, 3).requires_grad_();
            var (s, labels) = (PairSimilarity.Cosine(h), tensor(y));
            var total = CircleLoss.Pml(s, labels, 0.25, 80) + CircleLoss.Paper(s, labels, 0.25, 80) + ContrastiveLoss.Compute(s, labels) +
                MultiSimilarityLoss.Compute(s, labels) + SupervisedContrastiveLoss.Compute(s, labels, 0.1);
            total.backward();
            Assert.True(float.IsFinite(total.item<float>()) && h.grad!.isfinite().all().item<bool>(), string.Join(' ', y));
        }
    }

    [Fact]
    public void GradientPenaltyByHand()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, GradientPenaltyLoss.Compute(tensor(new[,] { { 0.6, 0.8 }, { 0.0, -1.0 } })).item<double>(), 1e-12);
        Assert.Equal((16 + 1) / 2.0, GradientPenaltyLoss.Compute(tensor(new[,] { { 3.0, 4.0 }, { 0.0, 0.0 } })).item<double>(), 1e-12);
    }

    [Fact]
    public void WrongShapesAreRefused()
    {
        using var scope = NewDisposeScope();
        var y = zeros(3, int64);
        Assert.Throws<ShapeException>(() => PairSimilarity.Cosine(zeros(3)));
        Assert.Throws<ShapeException>(() => PairSimilarity.ImplicitSemantics(zeros(2, 4), y, zeros(2, 2)));
        Assert.Throws<ShapeException>(() => PairSimilarity.ImplicitSemantics(zeros(3, 4), y, zeros(2, 3)));
        Assert.Throws<ShapeException>(() => CircleLoss.Pml(zeros(3, 2), y, 0.1, 1));
        Assert.Throws<ShapeException>(() => ContrastiveLoss.Compute(zeros(2, 2), y));
        Assert.Throws<ShapeException>(() => GradientPenaltyLoss.Compute(zeros(3)));
    }

    private static void RequireGradient(Func<Tensor, Tensor> loss, Tensor at)
    {
        const double Step = 1e-6;
        var h = at.clone().requires_grad_();
        loss(h).backward();
        for (var i = 0; i < at.numel(); i++)
        {
            double Moved(double by)
            {
                var moved = at.clone();
                moved.view(-1)[i] = moved.view(-1)[i] + by;
                return loss(moved).item<double>();
            }
            Assert.Equal((Moved(Step) - Moved(-Step)) / (2 * Step), h.grad!.view(-1)[i].item<double>(), 1e-6);
        }
    }

    private static void Close(double expected, Tensor found) => Assert.Equal(expected, found.item<double>(), Tolerance);
}
