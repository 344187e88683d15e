using Unseen.Models.Msdn;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

public sealed class CounterfactualAttentionTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly Tensor logits;     // [attributes, batch, regions]

    public CounterfactualAttentionTests()
    {
        manual_seed(2);
        logits = randn(5, 7, 6);
    }

    [Theory]
    [InlineData(CounterfactualKind.Uniform)]
    [InlineData(CounterfactualKind.Shuffle)]
    [InlineData(CounterfactualKind.ShuffleRegions)]
    [InlineData(CounterfactualKind.Reversed)]
    [InlineData(CounterfactualKind.Negated)]
    public void ItIsADistributionOfTheSameAxis(CounterfactualKind kind)
    {
        foreach (var axis in new[] { 0, 2 })
        {
            var found = Create(kind, axis).expand(5, 7, 6);
            Assert.True(found.min().item<float>() >= 0);
            Assert.True(found.sum([axis]).allclose(ones(1), 1e-5, 1e-6), $"{kind} over axis {axis}");
        }
    }

    [Fact]
    public void RandomEntriesAreUniformBetweenZeroAndTwiceTheMean()
    {
        var found = CounterfactualAttention.Create(CounterfactualKind.Random, zeros(40, 50, 25), zeros(40, 50, 25), 2) * 25;
        Assert.InRange(found.min().item<float>(), 0, 0.01);
        Assert.InRange(found.max().item<float>(), 1.99, 2);
        Assert.Equal(1, found.mean().item<float>(), 0.01);
        Assert.Equal(1.0 / 3, found.var().item<float>(), 0.01);
    }

    [Fact]
    public void ShuffledAttentionIsThatOfOtherImages()
    {
        var attention = logits.softmax(2);
        manual_seed(3);
        var found = Create(CounterfactualKind.Shuffle, 2);
        manual_seed(3);
        Assert.True(found.equal(attention.index_select(1, randperm(7))).all().item<bool>());
    }

    [Fact]
    public void ReversedAttentionLooksWhereTheOtherDoesNot()
    {
        var attention = tensor(new[] { 0.5f, 0.3f, 0.2f }).view(1, 1, 3);
        var found = CounterfactualAttention.Create(CounterfactualKind.Reversed, attention, attention.log(), 2);
        Assert.True(found.allclose(tensor(new[] { 0f, 0.4f, 0.6f }).view(1, 1, 3), 1e-4, 1e-5));
        var uniform = full([1, 1, 4], 0.25f);
        Assert.True(CounterfactualAttention.Create(CounterfactualKind.Reversed, uniform, uniform, 2).allclose(uniform));
    }

    private Tensor Create(CounterfactualKind kind, int axis) => CounterfactualAttention.Create(kind, logits.softmax(axis), logits, axis);

    public void Dispose() => scope.Dispose();
}
