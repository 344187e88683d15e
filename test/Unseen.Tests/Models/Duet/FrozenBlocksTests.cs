using Unseen.Models.Duet;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

public sealed class FrozenBlocksTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private int computed;

    [Fact]
    public void APictureGoesThroughOnceAndAlone()
    {
        var pixels = arange(5 * 12).to(float32).reshape(5, 3, 2, 2);
        using var blocks = new FrozenBlocks(Double);
        Equal(pixels * 2, blocks.Of(pixels));
        Assert.Equal(5, computed);
        var mixed = cat([pixels.narrow(0, 3, 2), pixels.narrow(0, 0, 1), pixels.narrow(0, 3, 1) + 100, pixels.narrow(0, 3, 1)]);
        Equal(mixed * 2, blocks.Of(mixed));
        Equal(mixed * 2, blocks.Of(mixed));
        Assert.Equal(6, computed);
    }

    [Fact]
    public void WhatNoLongerFitsIntoMemoryIsComputedAgain()
    {
        var pixels = arange(3 * 12).to(float32).reshape(3, 3, 2, 2);
        using var blocks = new FrozenBlocks(Double, memory: 2 * 12 * sizeof(float));
        for (var pass = 1; pass <= 2; pass++)
        {
            Equal(pixels * 2, blocks.Of(pixels));
            Assert.Equal(pass == 1 ? 3 : 4, computed);
        }
    }

    [Fact]
    public void NoGradientFlowsAndTheCallerKeepsHisTensors()
    {
        var pixels = ones([2, 3, 2, 2], requires_grad: true);
        using var blocks = new FrozenBlocks(Double);
        Tensor first;
        using (NewDisposeScope()) first = blocks.Of(pixels).MoveToOuterDisposeScope();
        Assert.False(first.requires_grad);
        first.zero_();
        Equal(full_like(first, 2), blocks.Of(pixels));
        Assert.False(pixels.IsInvalid);
    }

    public void Dispose() => scope.Dispose();

    private Tensor Double(Tensor picture)
    {
        Assert.Equal(1, picture.shape[0]);
        computed++;
        return picture * 2;
    }

    private static void Equal(Tensor expected, Tensor found) => Assert.Equal(expected.data<float>().ToArray(), found.data<float>().ToArray());
}
