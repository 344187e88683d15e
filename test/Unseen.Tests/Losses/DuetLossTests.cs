using CsCheck;
using Unseen.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Losses;

/// <summary>The losses of DUET against plain loops, in 64-bit, and by hand.</summary>
public sealed class DuetLossTests
{
    private const double Tolerance = 1e-9;

    private static readonly Gen<double> Number = Gen.Double[-2, 2];

    [Fact]
    public void TheContrastOfClassesEqualsTheLoops() => Gen.Int[1, 6].SelectMany(n => Gen.Select(
        Gen.Double[0.1, 2].Array2D[n, 3], Gen.Double[0.1, 2].Array2D[n, 3], Gen.Long[0, 2].Array[n])).Sample(batch =>
    {
        using var scope = NewDisposeScope();
        var (images, companions, labels) = (tensor(batch.Item1), tensor(batch.Item2), tensor(batch.Item3));
        Close(NaiveDuetLosses.ClassContrast(batch.Item1, batch.Item2, batch.Item3, 0.3), ClassContrastLoss.Paper(images, companions, labels, 0.3));
        Close(NaiveDuetLosses.ClassContrastCode(batch.Item1, batch.Item2, batch.Item3, 0.3), ClassContrastLoss.Code(images, companions, labels, 0.3));
    }, iter: 100, threads: 1);

    [Fact]
    public void TheReconstructionEqualsTheLoops() => Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3]).SelectMany((n, t) => Gen.Select(
        Number.Array[n * t * 5], Gen.Long[0, 4].Array2D[n, t], Gen.Double[0, 1].Array2D[n, t], Gen.Double[0, 1].Array[n])).Sample(batch =>
    {
        using var scope = NewDisposeScope();
        var (n, t) = (batch.Item2.GetLength(0), batch.Item2.GetLength(1));
        var scores = Cube(batch.Item1, n, t, 5);
        var (given, tokens, degrees) = (tensor(batch.Item1).view(n, t, 5), tensor(batch.Item2), tensor(batch.Item4));
        Close(NaiveDuetLosses.Reconstruction(scores, batch.Item2, batch.Item3, batch.Item4),
            AttributeReconstructionLoss.Paper(given, tokens, tensor(batch.Item3), degrees));
        Close(NaiveDuetLosses.ReconstructionCode(scores, batch.Item2, batch.Item4), AttributeReconstructionLoss.Code(given, tokens, degrees));
    }, iter: 100, threads: 1);

    [Fact]
    public void TheContrastOfAttributesEqualsTheLoops() => Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4]).SelectMany((n, m) => Gen.Select(
        Gen.Double[0.1, 2].Array2D[n, 3], Gen.Double[0.1, 2].Array2D[n, 3], Gen.Double[0.1, 2].Array[n * m * 3], Gen.Double[0, 1].Array[n])).Sample(batch =>
    {
        using var scope = NewDisposeScope();
        var n = batch.Item4.Length;
        var m = batch.Item3.Length / n / 3;
        var negatives = Cube(batch.Item3, n, m, 3);
        var (own, positive, others, weights) = (tensor(batch.Item1), tensor(batch.Item2), tensor(batch.Item3).view(n, m, 3), tensor(batch.Item4));
        Close(NaiveDuetLosses.AttributeContrast(batch.Item1, batch.Item2, negatives, batch.Item4, 0.3),
            AttributeContrastLoss.Paper(own, positive, others, weights, 0.3));
        Close(NaiveDuetLosses.AttributeContrastCode(batch.Item1, batch.Item2, negatives, batch.Item4),
            AttributeContrastLoss.Code(own, positive, others, weights));
    }, iter: 100, threads: 1);

    /// <summary>Two images of two classes, all embeddings the same: one companion among it and two rows of the other class.</summary>
    [Fact]
    public void EqualEmbeddingsGiveTheLogOfTheNumberOfCandidates()
    {
        using var scope = NewDisposeScope();
        var (same, labels) = (ones(2, 3), tensor(new long[] { 0, 1 }));
        Assert.Equal(Math.Log(3), ClassContrastLoss.Paper(same, same, labels, 0.05).item<float>(), 1e-5);
        Assert.Equal(0, ClassContrastLoss.Paper(same, same, zeros(2, int64), 0.05).item<float>(), 1e-6); // no other class: nothing to tell apart
        Assert.Equal(Math.Log(5), AttributeContrastLoss.Paper(same, same, ones(2, 4, 3), ones(2), 0.05).item<float>(), 1e-5);
        Assert.Equal(2 * Math.Log(5), AttributeContrastLoss.Code(same, same, ones(2, 4, 3), ones(2)).item<float>(), 1e-5);
    }

    /// <summary>Four equal scores: each unseen class has a quarter; two of them sum up.</summary>
    [Fact]
    public void SelfCalibrationOfEveryClassSumsTheLogs()
    {
        using var scope = NewDisposeScope();
        var unseen = tensor(new long[] { 1, 3 });
        Assert.Equal(2 * Math.Log(4), SelfCalibrationLoss.OfEveryClass(zeros(3, 4), unseen).item<float>(), 1e-5);
        Assert.Equal(Math.Log(2), SelfCalibrationLoss.Compute(zeros(3, 4), unseen, overBatch: true).item<float>(), 1e-5);
    }

    [Fact]
    public void WrongShapesAreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ShapeException>(() => ClassContrastLoss.Paper(ones(2, 3), ones(2, 4), zeros(2, int64), 1));
        Assert.Throws<ShapeException>(() => AttributeReconstructionLoss.Paper(ones(2, 3, 4), zeros([2, 2], int64), ones(2, 2), ones(2)));
        Assert.Throws<ShapeException>(() => AttributeContrastLoss.Paper(ones(2, 3), ones(2, 3), ones(2, 4, 2), ones(2), 1));
    }

    private static double[,,] Cube(double[] values, int a, int b, int c)
    {
        var cube = new double[a, b, c];
        Buffer.BlockCopy(values, 0, cube, 0, values.Length * sizeof(double));
        return cube;
    }

    private static void Close(double expected, Tensor found) => Assert.Equal(expected, found.item<double>(), Tolerance * Math.Max(1, Math.Abs(expected)));
}
