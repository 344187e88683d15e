using Unseen.Data;
using Unseen.Models.Duet;
using Unseen.Tests.Data.Formats;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Training;

public sealed class AccumulationTests : IDisposable
{
    /// <summary>Only losses that are means over the images.</summary>
    private static readonly DuetOptions Means = new() { UseLanguage = false, ContrastWeight = 0 };

    private static readonly TrainingRecipe Recipe = new() { Epochs = 2, BatchSize = 7, LearningRate = 0.05, Optimiser = OptimiserKind.Sgd };

    private readonly TemporaryFolder folder = new();
    private readonly ZslProblem problem = TinyProblem.Create();

    /// <summary>7 images in parts of 3, 2 and 2, or one by one: the gradient of a mean is the mean of the gradients by size.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void ALossThatIsAMeanDoesNotDependOnTheParts(int parts)
    {
        var (expected, whole) = Fit(Context(Recipe));
        var (found, cut) = Fit(Context(Recipe with { Accumulation = parts }));
        Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(whole.Select(e => e.Loss), cut.Select(e => e.Loss), (a, b) => Math.Abs(a - b) < 1e-5);
        foreach (var term in new[] { "cc", "ar", "sc" }) Assert.Equal(whole[0].Terms[term], cut[0].Terms[term], 1e-5);
    }

    [Fact]
    public void PartsAreInOrderAndWholeWithSharesOfOne()
    {
        using var scope = NewDisposeScope();
        using var batch = new FeatureBatch(arange(11).to(float32).reshape(11, 1), arange(11));
        foreach (var parts in new[] { 1, 2, 4, 11, 50 })
        {
            var cut = BatchParts.Of(batch, parts).Select(p => (p.Labels.data<long>().ToArray(), p.Features.reshape(-1).data<float>().ToArray(), p.Share)).ToList();
            Assert.Equal(Math.Min(parts, 11), cut.Count);
            Assert.Equal(Enumerable.Range(0, 11).Select(i => (long)i), cut.SelectMany(p => p.Item1));
            Assert.All(cut, p => Assert.Equal(p.Item1.Select(l => (float)l), p.Item2));
            Assert.Equal(1, cut.Sum(p => p.Share), 1e-12);
            Assert.InRange(cut.Max(p => p.Item1.Length) - cut.Min(p => p.Item1.Length), 0, 1);
        }
    }

    [Theory]
    [InlineData(OptimiserKind.Adam)]
    [InlineData(OptimiserKind.AdamW)]
    public void AResumedFitForgetsAtTheSameSteps(OptimiserKind optimiser)
    {
        var recipe = Recipe with { Optimiser = optimiser, Epochs = 3, LearningRate = 0.01, Accumulation = 2, ResetOptimiser = true };
        var (expected, _) = Fit(Context(recipe));
        var steps = new BatchSampler(recipe, problem.Train.Labels, 1).StepsPerEpoch;
        foreach (var step in new[] { 2, steps, steps + 1, 2 * steps })
        {
            using var source = new CancellationTokenSource();
            var path = folder.File($"{step}.safetensors");
            Assert.Throws<OperationCanceledException>(() => Fit(Context(recipe) with
            {
                CheckpointPath = path,
                Cancellation = source.Token,
                Progress = new Immediate(update =>
                {
                    if (update.Done == step) source.Cancel();
                }),
            }));
            Assert.Equal(expected, Fit(Context(recipe) with { CheckpointPath = path }).Weights);
        }
    }

    /// <summary>Adam's first step moves every weight by the learning rate, whatever its gradient: so does the first step after forgetting.</summary>
    [Theory]
    [InlineData(OptimiserKind.Adam)]
    [InlineData(OptimiserKind.AdamW)]
    public void AnOptimiserThatForgetsBeginsEveryEpochAnew(OptimiserKind optimiser)
    {
        var recipe = Recipe with { Optimiser = optimiser, BatchSize = 1000, LearningRate = 0.01 };     // one step per epoch
        float[] Moves(bool resets)
        {
            var recipes = new[] { recipe with { Epochs = 1 }, recipe }.Select(r => Fit(Context(r with { ResetOptimiser = resets })).Weights).ToArray();
            return [.. recipes[0].Zip(recipes[1], (first, second) => Math.Abs(second - first))];
        }
        Assert.True(Moves(true).Count(m => Math.Abs(m - 0.01) < 1e-5) > 0.99 * Moves(true).Length);
        Assert.True(Moves(false).Count(m => Math.Abs(m - 0.01) < 1e-5) < 0.9 * Moves(true).Length);
    }

    private (float[] Weights, IReadOnlyList<EpochRecord> History) Fit(FitContext context)
    {
        manual_seed(4);
        using var model = new DuetModel(Means, problem);
        var history = Trainer.Fit(model, problem, context, null);
        return ([.. model.State.Values.SelectMany(t => t.data<float>().ToArray())], history);
    }

    private static FitContext Context(TrainingRecipe recipe) => new() { Seed = 1, Recipe = recipe, Cancellation = CancellationToken.None };

    public void Dispose() => folder.Dispose();

    private sealed class Immediate(Action<ProgressUpdate> report) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => report(value);
    }
}
