using Unseen.Models.Generative;
using Unseen.Models.Generative.FClswgan;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>The critic of the WGAN and its gradient penalty in closed form.</summary>
public sealed class FeatureCriticTests : IDisposable
{
    private const int Visual = 7, Attributes = 4, Batch = 5;

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly FeatureCritic critic;
    private readonly Tensor real, fake, vectors, labels, share;

    public FeatureCriticTests()
    {
        manual_seed(2);
        critic = new FeatureCritic(new FClswganOptions { CriticWidth = 11, InitialDeviation = 0.7 }, Attributes, Visual, Precision.F32);
        (real, fake, vectors) = (rand(Batch, Visual), rand(Batch, Visual), rand(3, Attributes));
        (labels, share) = (tensor(new long[] { 0, 2, 1, 1, 0 }), rand(Batch, 1));
    }

    [Fact]
    public void TheLossesEqualThoseByDoubleBackward()
    {
        var (wasserstein, penalty) = critic.Losses(real, fake, vectors, labels, share);
        (wasserstein + 10 * penalty).backward();
        var port = StraightforwardCritic.Of(critic);
        var (expectedWasserstein, expectedPenalty) = port.Losses(real, fake, vectors.index_select(0, labels), share);
        (expectedWasserstein + 10 * expectedPenalty).backward();
        Assert.Equal(expectedWasserstein.item<float>(), wasserstein.item<float>(), 1e-5);
        Assert.Equal(expectedPenalty.item<float>(), penalty.item<float>(), 1e-5);
        foreach (var (name, parameter) in critic.Parameters)
            Assert.True(parameter.grad!.allclose(port.Gradient(name), 1e-4, 1e-5), name);
    }

    [Fact]
    public void TheInputGradientEqualsFiniteDifferencesOfTheScore()
    {
        const float Step = 1e-2f;                                                              // exact between kinks: the score is piecewise linear
        var middle = share * real + (1 - share) * fake;
        var squares = 0.0;
        for (var b = 0; b < Batch; b++)
        {
            var square = 0.0;
            for (var d = 0; d < Visual; d++) square += Math.Pow((Score(middle, b, d, Step) - Score(middle, b, d, -Step)) / (2 * Step), 2);
            squares += Math.Pow(Math.Sqrt(square) - 1, 2) / Batch;
        }
        Assert.Equal(squares, critic.Losses(real, fake, vectors, labels, share).Penalty.item<float>(), 0.02 * squares);
    }

    [Fact]
    public void AFrozenScoreReachesTheFeaturesAndNoWeight()
    {
        var x = real.clone().requires_grad_();
        critic.FrozenScore(x, vectors, labels).backward();
        Assert.True(x.grad!.abs().sum().item<float>() > 0);
        Assert.All(critic.Parameters, p => Assert.Null(p.Parameter.grad));
    }

    [Fact]
    public void TheClassPartIsTheSameWhicheverWayItIsComputed()
    {
        using var layer = new ConditionalDense("layer", Visual, Attributes, 6, 1, Precision.F32);
        var (x, many) = (rand(9, Visual), tensor(new long[] { 0, 2, 1, 1, 0, 2, 2, 2, 1 }));
        var weights = layer.Parameters.ToDictionary(p => p.Name, p => (Tensor)p.Parameter);
        foreach (var (input, y) in new[] { (x, many), (x.narrow(0, 0, 2), many.narrow(0, 0, 2)) })
        {
            var expected = cat([input, vectors.index_select(0, y)], 1).mm(cat([weights["layer/weight"], weights["layer/semantic_weight"]])) +
                weights["layer/bias"];
            Assert.True((layer.Input(input) + layer.Condition(vectors, y)).allclose(expected, 1e-5, 1e-6));
        }
    }

    private float Score(Tensor x, int image, int dimension, float by)
    {
        var moved = x.clone();
        moved[image, dimension] = moved[image, dimension] + by;
        return critic.FrozenScore(moved, vectors, labels).item<float>() * Batch;              // the others cancel in the difference
    }

    public void Dispose()
    {
        critic.Dispose();
        scope.Dispose();
    }
}
