using CsCheck;
using Unseen.Data;
using Unseen.Features;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class RegionPoolingTests
{
    [Fact]
    public void HalvesAverageFourCells()
    {
        var values = Enumerable.Range(0, 16).Select(i => (float)i).ToArray();
        Assert.Equal([2.5f, 4.5f, 10.5f, 12.5f], Pool(values, 1, new(4, 4), new(2, 2)));
    }

    [Fact]
    public void VectorsAreAveragedEntryByEntry() =>
        Assert.Equal([2f, 20f], Pool([1, 10, 3, 30], 2, new(1, 2), new(1, 1)));

    [Fact]
    public void UnevenGridsOverlapLikeAdaptivePooling()
    {
        // 3 to 2: cells {0,1} and {1,2}; 5 to 3: {0,1}, {1,2,3}, {3,4}.
        Assert.Equal([0.5f, 1.5f], Pool([0, 1, 2], 1, new(1, 3), new(1, 2)));
        Assert.Equal([0.5f, 2f, 3.5f], Pool([0, 1, 2, 3, 4], 1, new(5, 1), new(3, 1)));
        Assert.Equal([2f, 3f, 5f, 6f], Pool([0, 1, 2, 3, 4, 5, 6, 7, 8], 1, new(3, 3), new(2, 2)));
    }

    [Fact]
    public void EveryCellIsTheMeanOfTheCellsThatTorchAverages() =>
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 7], Gen.Int[1, 7], Gen.Int[1, 7], Gen.Float[-5, 5].Array[49]).Sample((h, w, toH, toW,
            values) =>
        {
            var (from, to) = (new FeatureGrid(Math.Max(h, toH), Math.Max(w, toW)), new FeatureGrid(Math.Min(h, toH), Math.Min(w, toW)));
            using var scope = TorchSharp.torch.NewDisposeScope();
            var input = values[..from.Regions];
            var expected = TorchSharp.torch.nn.functional.adaptive_avg_pool2d(
                TorchSharp.torch.tensor(input).reshape(1, 1, from.Height, from.Width), [to.Height, to.Width]);
            var found = Pool(input, 1, from, to);
            Assert.All(expected.data<float>().ToArray().Zip(found), p => Assert.Equal(p.First, p.Second, 1e-4f));
        }, iter: 200);

    [Fact]
    public void AllRegionsAverageToOneVector()
    {
        var mean = new float[2];
        RegionPooling.AverageAll([1, 2, 3, 4, 5, 9], 2, mean);
        Assert.Equal([3f, 5f], mean);
    }

    private static float[] Pool(float[] values, int visual, FeatureGrid from, FeatureGrid to)
    {
        var pooling = new RegionPooling(from, to);
        var result = new float[to.Regions * visual];
        for (var output = 0; output < to.Regions; output++) pooling.Average(values, visual, output, result.AsSpan(output * visual, visual));
        return result;
    }
}
