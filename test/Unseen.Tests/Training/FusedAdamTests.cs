using TorchSharp.Modules;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Training;

/// <summary>Our Adam and AdamW do what torch's do.</summary>
public sealed class FusedAdamTests
{
    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(37, 0, false)]
    [InlineData(37, 0.1, false)]
    [InlineData(70_000, 0.01, false)]                                                          // more than one chunk
    [InlineData(37, 0, true)]
    [InlineData(37, 0.5, true)]
    [InlineData(70_000, 0.01, true)]
    public void TheStepsEqualThoseOfTorch(int size, double decay, bool decoupled)
    {
        using var scope = NewDisposeScope();
        manual_seed(size);
        var start = randn(size);
        var (ours, theirs) = (new Parameter(start.clone()), new Parameter(start.clone()));
        using var fused = new FusedAdam([ours], 0.01, 0.5, 0.99, decay, decoupled);
        using var torch = new TorchOptimiser(decoupled
            ? optim.AdamW([theirs], 0.01, 0.5, 0.99, weight_decay: decay) : optim.Adam([theirs], 0.01, 0.5, 0.99, weight_decay: decay));
        for (var step = 0; step < 20; step++)
        {
            var target = randn(size);
            Step(fused, ours, target, 0.01 + 0.001 * step);
            Step(torch, theirs, target, 0.01 + 0.001 * step);
        }
        Assert.True((ours - theirs).abs().max().item<float>() < 1e-5, $"{(ours - theirs).abs().max().item<float>()}");
        Assert.True((ours - start).abs().max().item<float>() > 0.05);
    }

    [Fact]
    public void ParametersWithoutGradientStayAndTransposedGradientsAreRead()
    {
        using var scope = NewDisposeScope();
        var (used, unused) = (new Parameter(randn(3, 4)), new Parameter(ones(2)));
        var before = used.detach().clone();
        using var fused = new FusedAdam([used, unused], 0.01, 0.9, 0.999, 0);
        var factors = arange(12, dtype: float32).reshape(4, 3) - 5.5;
        (used.t() * factors).sum().backward();
        fused.Step();
        Assert.True((used - before).sign().equal(-factors.t().sign()).all().item<bool>());
        Assert.Equal([1f, 1f], unused.data<float>().ToArray());
    }

    internal static void Step(IOptimiser optimiser, Parameter parameter, Tensor target, double learningRate)
    {
        optimiser.LearningRate = learningRate;
        optimiser.ZeroGradients();
        (parameter - target).square().sum().backward();
        optimiser.Step();
    }
}
