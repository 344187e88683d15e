using CsCheck;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Training;

public sealed class BatchSamplerTests
{
    private static readonly Gen<(TrainingRecipe Recipe, int[] Labels, int Seed)> Cases = Gen.Select(
        Gen.Int[0, 3].Select(kind => (SamplerKind)kind), Gen.Int[1, 9], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 4].Array[1, 40], Gen.Int,
        (kind, batch, ways, shots, labels, seed) =>
            (new TrainingRecipe { Sampler = kind, BatchSize = batch, Ways = ways, Shots = shots }, labels, seed));

    [Fact]
    public void ABatchDependsOnSeedAndStepOnly() => Cases.Sample(c =>
    {
        var forwards = new BatchSampler(c.Recipe, c.Labels, c.Seed);
        var backwards = new BatchSampler(c.Recipe, c.Labels, c.Seed);
        var batches = Enumerable.Range(0, 12).Select(s => forwards.Batch(s)).ToArray();
        for (var step = 11; step >= 0; step--) Assert.Equal(batches[step], backwards.Batch(step));
    }, iter: 300);

    [Fact]
    public void IndicesAreValidAndDoNotRepeatInABatch() => Cases.Sample(c =>
    {
        var sampler = new BatchSampler(c.Recipe, c.Labels, c.Seed);
        Assert.True(sampler.StepsPerEpoch >= 1);
        for (var step = 0; step < 5; step++)
        {
            var batch = sampler.Batch(step);
            Assert.NotEmpty(batch);
            Assert.All(batch, i => Assert.InRange(i, 0, c.Labels.Length - 1));
            if (c.Recipe.Sampler != SamplerKind.Episodes) Assert.Equal(batch.Length, batch.Distinct().Count());
        }
    }, iter: 300);

    [Fact]
    public void AShuffledEpochCoversEveryImageOnce() => Cases.Sample(c =>
    {
        var sampler = new BatchSampler(c.Recipe with { Sampler = SamplerKind.Shuffled }, c.Labels, c.Seed);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var images = Enumerable.Range(0, sampler.StepsPerEpoch).SelectMany(s => sampler.Batch(epoch * sampler.StepsPerEpoch + s));
            Assert.Equal(Enumerable.Range(0, c.Labels.Length), images.Order());
        }
    }, iter: 200);

    [Fact]
    public void ABalancedBatchHasOneImageOfEachOfItsClasses() => Cases.Sample(c =>
    {
        var sampler = new BatchSampler(c.Recipe with { Sampler = SamplerKind.ClassBalanced }, c.Labels, c.Seed);
        var labels = sampler.Batch(3).Select(i => c.Labels[i]).ToArray();
        Assert.Equal(Math.Min(c.Recipe.BatchSize, c.Labels.Distinct().Count()), labels.Length);
        Assert.Equal(labels.Length, labels.Distinct().Count());
    }, iter: 200);

    [Fact]
    public void AnEpisodeHasItsWaysAndShots() => Cases.Sample(c =>
    {
        var sampler = new BatchSampler(c.Recipe with { Sampler = SamplerKind.Episodes }, c.Labels, c.Seed);
        var groups = sampler.Batch(3).GroupBy(i => c.Labels[i]).ToArray();
        Assert.Equal(Math.Min(c.Recipe.Ways, c.Labels.Distinct().Count()), groups.Length);
        Assert.All(groups, g =>
        {
            Assert.Equal(c.Recipe.Shots, g.Count());
            Assert.Equal(Math.Min(c.Recipe.Shots, c.Labels.Count(l => l == g.Key)), g.Distinct().Count());
        });
    }, iter: 200);

    [Fact]
    public void RandomBatchesAreAsLargeAsAskedAndUniform()
    {
        var sampler = new BatchSampler(new TrainingRecipe { Sampler = SamplerKind.Random, BatchSize = 5 }, new int[20], 3);
        var counts = Enumerable.Range(0, 4000).SelectMany(s => sampler.Batch(s)).CountBy(i => i).Select(p => p.Value).ToArray();
        Assert.Equal(20, counts.Length);
        Assert.All(counts, n => Assert.InRange(n, 850, 1150));                                // 1000 expected, five deviations of 27
        Assert.Equal(4, sampler.StepsPerEpoch);
    }

    [Fact]
    public void SeedsAndEpochsDiffer()
    {
        var recipe = new TrainingRecipe { Sampler = SamplerKind.Shuffled, BatchSize = 50 };
        var labels = new int[50];
        Assert.NotEqual(new BatchSampler(recipe, labels, 1).Batch(0), new BatchSampler(recipe, labels, 2).Batch(0));
        Assert.NotEqual(new BatchSampler(recipe, labels, 1).Batch(0), new BatchSampler(recipe, labels, 1).Batch(1));
    }

    [Fact]
    public void NoImagesAreRefused() => Assert.Equal("There are no training images: no image of a seen class is in split trainval.",
        Assert.Throws<ConfigurationException>(() => new BatchSampler(new TrainingRecipe(), [], 1)).Message);

    [Fact]
    public void StepSeedsOfDifferentPurposesDiffer()
    {
        var seeds = from seed in new[] { 0, 1, -1, 42 }
                    from purpose in new[] { StepSeed.Initialisation, StepSeed.Sampling, StepSeed.Loss }
                    from step in new long[] { -2, -1, 0, 1, 2, 1000 }
                    select StepSeed.Of(seed, purpose, step);
        var all = seeds.ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, seed => Assert.True(seed >= 0));
    }
}
