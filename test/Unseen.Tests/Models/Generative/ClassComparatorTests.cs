using CsCheck;
using Unseen.Models.Generative.CeGzsl;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>The split comparator equals the concatenating one, in value and in every gradient.</summary>
public sealed class ClassComparatorTests
{
    [Theory]
    [InlineData(1, 3, 5)]
    [InlineData(6, 4, 19)]
    [InlineData(3, 9, 64)]
    public void TheSplitComparatorEqualsTheConcatenatingOne(int batch, int classes, int width)
    {
        using var scope = NewDisposeScope();
        manual_seed(batch);
        using var comparator = new ClassComparator(8, 5, width, 0.5, Precision.F32);
        var port = StraightforwardComparator.Of(comparator);
        var (h, vectors, labels) = (randn(batch, 8), randn(classes, 5), randint(classes, batch, ScalarType.Int64));
        var (ours, theirs) = (h.clone().requires_grad_(), h.clone().requires_grad_());
        var loss = comparator.CrossEntropy(ours, vectors, labels, 0.4, frozen: false);
        var expected = port.CrossEntropy(theirs, vectors, labels, 0.4);
        (3 * loss).backward();
        (3 * expected).backward();
        Assert.Equal(expected.item<float>(), loss.item<float>(), 1e-4);
        Assert.True(ours.grad!.allclose(theirs.grad!, 1e-3, 1e-5), "h");
        foreach (var (name, parameter) in comparator.Parameters)
            Assert.True(parameter.grad!.allclose(port.Gradient(name), 1e-3, 1e-5), name);
    }

    [Fact]
    public void AFrozenComparatorReachesTheFeaturesAndNoWeight()
    {
        using var scope = NewDisposeScope();
        using var comparator = new ClassComparator(8, 5, 12, 0.5, Precision.F32);
        var h = randn(4, 8).requires_grad_();
        comparator.CrossEntropy(h, randn(3, 5), zeros(4, int64), 0.1, frozen: true).backward();
        Assert.True(h.grad!.abs().sum().item<float>() > 0);
        Assert.All(comparator.Parameters, p => Assert.Null(p.Parameter.grad));
    }

    /// <summary>One to nine rows and widths around those of the lanes, so that every remainder of a pass occurs, with lanes of either width.</summary>
    [Fact]
    public void ThePairsEqualTheLoops() => Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 37]).SelectMany((batch, classes, width) =>
        Gen.Select(Gen.Float[-2, 2].Array[batch * width], Gen.Float[-2, 2].Array[classes * width], Gen.Float[-2, 2].Array[width])).Sample(
        (x, y, w) =>
        {
            using var scope = NewDisposeScope();
            var (batch, classes, width) = (x.Length / w.Length, y.Length / w.Length, w.Length);
            var pairs = new LeakyPairs(tensor(x).reshape(batch, width), tensor(y).reshape(classes, width), tensor(w), 0.2);
            var g = rand(batch, classes) - 0.5f;
            var (expected, atX, atY, atW) = (new double[batch * classes], new double[x.Length], new double[y.Length], new double[width]);
            for (var b = 0; b < batch; b++)
                for (var c = 0; c < classes; c++)
                    for (var n = 0; n < width; n++)
                    {
                        var (u, upstream) = (x[b * width + n] + y[c * width + n], g[b, c].item<float>());
                        var slope = u > 0 ? 1 : 0.2;
                        expected[b * classes + c] += w[n] * slope * u;
                        atX[b * width + n] += upstream * slope * w[n];
                        atY[c * width + n] += upstream * slope * w[n];
                        atW[n] += upstream * slope * u;
                    }
            foreach (var scores in new[] { pairs.Scores(), pairs.Scores<Lanes>(), pairs.Scores<Lanes512>() }) Near(expected, scores);
            foreach (var (gx, gy, gw) in new[] { pairs.Gradients(g), pairs.Gradients<Lanes>(g), pairs.Gradients<Lanes512>(g) })
            {
                Near(atX, gx);
                Near(atY, gy);
                Near(atW, gw);
            }
        }, iter: 50, threads: 1);

    private static void Near(double[] expected, Tensor found) =>
        Assert.All(expected.Zip(found.flatten().data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));

    [Fact]
    public void WrongShapesAreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ShapeException>(() => new LeakyPairs(zeros(2, 3), zeros(2, 4), zeros(4), 0.2));
        Assert.Throws<ShapeException>(() => new LeakyPairs(zeros(2, 4), zeros(2, 4), zeros(4), 0.2).Gradients(zeros(2, 3)));
    }
}
