using CsCheck;
using Unseen.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Losses;

/// <summary>Losses against plain loops over arrays, in 64-bit.</summary>
public sealed class LossTests
{
    private const double Tolerance = 1e-9;

    private static readonly Gen<(double[,] A, double[,] B)> Pairs = Gen.Select(Gen.Int[1, 5], Gen.Int[2, 6]).SelectMany((rows, columns) =>
        Gen.Select(Gen.Double[-2, 2].Array2D[rows, columns], Gen.Double[-2, 2].Array2D[rows, columns]));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SelfCalibrationEqualsTheLoop(bool overBatch) => Pairs.Sample(pair =>
    {
        using var scope = NewDisposeScope();
        var scores = Scaled(pair.A, 5);
        var expected = NaiveLosses.SelfCalibration(scores, [1], overBatch);
        var found = SelfCalibrationLoss.Compute(tensor(scores), tensor(new long[] { 1 }), overBatch).item<double>();
        Assert.Equal(expected, found, Tolerance);
        Assert.True(found >= 0);
    }, iter: 100, threads: 1);

    [Fact]
    public void SelfCalibrationOfTheUntrainedCubModelIsThePublishedNumber()
    {
        using var scope = NewDisposeScope();
        var scores = cat([full(4, 150, -1.0), full(4, 50, 1.0)], 1);
        foreach (var overBatch in new[] { true, false })
            Assert.Equal(0.3408, SelfCalibrationLoss.Compute(scores, arange(150, 200), overBatch).item<float>(), 1e-4);
    }

    [Fact]
    public void SelfCalibrationDoesNotUnderflow()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[,] { { 1000f, 0f } });
        Assert.Equal(1000, SelfCalibrationLoss.Compute(scores, tensor(new long[] { 1 }), true).item<float>(), 1e-3);
        Assert.Equal(1000, SelfCalibrationLoss.Compute(scores, tensor(new long[] { 1 }), false).item<float>(), 1e-3);
    }

    [Fact]
    public void ConditionalCorrelationEqualsTheLoops() => Pairs.Sample(pair =>
    {
        using var scope = NewDisposeScope();
        var (s, t) = (tensor(pair.A), tensor(pair.B));
        Assert.Equal(NaiveLosses.CorrelationPaper(pair.A, pair.B, 0.5), ConditionalCorrelationLoss.Paper(s, t, 0.5).item<double>(),
            Tolerance);
        Assert.Equal(NaiveLosses.CorrelationCode(pair.A, pair.B, pair.B, pair.A, 0.7),
            ConditionalCorrelationLoss.Code(s, t, t, s, 0.7).item<double>(), Tolerance);
    }, iter: 100, threads: 1);

    [Fact]
    public void ConditionalCorrelationOfEqualAttributesIsZeroAndHasFiniteGradients()
    {
        using var scope = NewDisposeScope();
        var t = rand(3, 5, float64);
        var s = t.clone().requires_grad_();
        var loss = ConditionalCorrelationLoss.Paper(s, t, 0.5) + ConditionalCorrelationLoss.Code(s, t, s, t, 0.5);
        Assert.Equal(0, loss.item<double>(), Tolerance);
        loss.backward();
        Assert.True(s.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void AllDeficitCostsAlphaTimesAllExcess()
    {
        using var scope = NewDisposeScope();
        var t = rand(3, 5, float64);
        var excess = ConditionalCorrelationLoss.Paper(t + 0.3, t, 0.5).item<double>();
        Assert.Equal(0.3 * Math.Sqrt(5), excess, Tolerance);
        Assert.Equal(0.5 * excess, ConditionalCorrelationLoss.Paper(t - 0.3, t, 0.5).item<double>(), Tolerance);
        var codeExcess = ConditionalCorrelationLoss.Code(t + 0.3, t, t, t, 0.25).item<double>();
        Assert.Equal(15 * 0.09 / 16, codeExcess, Tolerance);
        Assert.Equal(0.25 * codeExcess, ConditionalCorrelationLoss.Code(t - 0.3, t, t, t, 0.25).item<double>(), Tolerance);
    }

    [Fact]
    public void SemanticInterventionEqualsTheLoops() => Pairs.Sample(pair =>
    {
        using var scope = NewDisposeScope();
        var target = Scaled(pair.A, 0.5);
        foreach (var effect in new[] { 0, 0.3 })
        {
            Assert.Equal(NaiveLosses.InterventionPaper(pair.A, pair.B, target, effect),
                SemanticInterventionLoss.Paper(tensor(pair.A), tensor(pair.B), tensor(target), effect).item<double>(), Tolerance);
            Assert.Equal(NaiveLosses.InterventionCode(pair.A, pair.B, target, effect),
                SemanticInterventionLoss.Code(tensor(pair.A), tensor(pair.B), tensor(target), effect).item<double>(), Tolerance);
        }
    }, iter: 100, threads: 1);

    [Fact]
    public void SemanticInterventionByHand()
    {
        using var scope = NewDisposeScope();
        var (s, without, t) = (tensor(new[,] { { 3.0, 5.0 } }), tensor(new[,] { { 1.0, 1.0 } }), tensor(new[,] { { 5.0, 8.0 } }));
        Assert.Equal(5, SemanticInterventionLoss.Paper(s, without, t, 0).item<double>(), Tolerance);          // |(3, 4)|
        Assert.Equal(5 - 0.5 * 3, SemanticInterventionLoss.Paper(s, without, t, 0.5).item<double>(), Tolerance);
        Assert.Equal(3.5, SemanticInterventionLoss.Code(s, without, t, 0).item<double>(), Tolerance);
    }

    [Fact]
    public void BatchStandardisationEqualsBatchNormInTrainingMode()
    {
        using var scope = NewDisposeScope();
        var values = randn(7, 4) * 3 + 1;
        using var layer = nn.BatchNorm1d(4);
        layer.train();
        Assert.True(BatchStandardisation.Compute(values).allclose(layer.call(values), 1e-5, 1e-6));
        Assert.True(BatchStandardisation.Compute(full(3, 2, 0.4f)).abs().max().item<float>() < 1e-4, "a constant column becomes 0");
        var row = randn(1, 4);
        Assert.True(BatchStandardisation.Compute(row).equal(row).all().item<bool>());
    }

    [Fact]
    public void WrongShapesAreRefused()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (zeros(2, 3), zeros(2, 4));
        var error = Assert.Throws<ShapeException>(() => ConditionalCorrelationLoss.Paper(a, b, 1));
        Assert.Equal("'target' must have shape [2, 3], found [2, 4].", error.Message);
        Assert.Throws<ShapeException>(() => ConditionalCorrelationLoss.Code(a, a, b, a, 1));
        Assert.Throws<ShapeException>(() => SemanticInterventionLoss.Paper(a, b, a, 0));
        Assert.Throws<ShapeException>(() => SemanticInterventionLoss.Code(a, a, b, 0));
        Assert.Throws<ShapeException>(() => SelfCalibrationLoss.Compute(zeros(3), zeros(1, int64), true));
        Assert.Throws<ShapeException>(() => CausalEffectLoss.Compute(zeros(3), zeros(3), zeros(3, int64)));
        Assert.All([DistillationLoss.Euclidean, DistillationLoss.WeightedCubic, DistillationLoss.JensenShannon],
            (Func<Tensor, Tensor, Tensor> loss) => Assert.Throws<ShapeException>(() => loss(zeros(3), zeros(3))));
        Assert.Throws<ShapeException>(() => BatchStandardisation.Compute(zeros(3)));
    }

    private static double[,] Scaled(double[,] values, double factor)
    {
        var result = (double[,])values.Clone();
        for (var r = 0; r < values.GetLength(0); r++)
            for (var c = 0; c < values.GetLength(1); c++)
                result[r, c] *= factor;
        return result;
    }
}
