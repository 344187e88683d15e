using Unseen.Data;
using Unseen.Models.Cvsc;
using Unseen.Tests.Contracts;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Training;

public class WeightAverageTests
{
    private const double Decay = 0.7;

    private readonly ZslProblem problem = TinyProblem.Create();

    /// <summary>One step per epoch, so that runs of 1, 2, ... epochs give the weights after each step: they are averaged by hand.</summary>
    [Fact]
    public void ARunEndsWithTheAverageOfItsWeights()
    {
        var recipe = new TrainingRecipe { BatchSize = 1000, LearningRate = 0.05 };
        var expected = Weights(recipe with { Epochs = 1, LearningRate = 1e-12 });               // as it starts
        const int Steps = 9;
        for (var t = 1; t <= Steps; t++)
        {
            var d = Math.Min(Decay, (1.0 + t) / (10 + t));
            expected = [.. expected.Zip(Weights(recipe with { Epochs = t }), (average, weight) => d * average + (1 - d) * weight)];
        }
        var found = Weights(recipe with { Epochs = Steps, WeightAverage = Decay });
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-5);
        Assert.True(Weights(recipe with { Epochs = Steps }).Zip(found, (last, average) => Math.Abs(last - average)).Max() > 0.01);
    }

    /// <summary>What is judged on validation is what is kept.</summary>
    [Fact]
    public void TheAveragesAreJudgedAndKept()
    {
        using var model = Model();
        var recipe = new TrainingRecipe { Epochs = 12, BatchSize = 6, LearningRate = 0.3, WeightAverage = Decay };
        var history = Trainer.Fit(model, problem, Context(recipe), EpochCriterion.UncalibratedH);
        var best = BestEpoch.Of(history, EpochCriterion.UncalibratedH)!;
        Assert.Equal(best.Validation, EpochScore.Of(Scoring.Score(model, problem, problem.Evaluation, cancellation: CancellationToken.None)));

        using var plain = Model();
        var without = Trainer.Fit(plain, problem, Context(recipe with { WeightAverage = 0 }), EpochCriterion.UncalibratedH);
        Assert.Equal(without.Select(e => e.Loss), history.Select(e => e.Loss));                  // the steps are the same
        Assert.NotEqual(without.Select(e => e.Validation), history.Select(e => e.Validation));
    }

    [Fact]
    public void NoTensorIsLeftBehind() => Leak.None(() =>
    {
        using var model = Model();
        Trainer.Fit(model, problem, Context(new() { Epochs = 3, BatchSize = 6, WeightAverage = Decay }), EpochCriterion.BestGammaH);
    }, parameters: 3);

    private double[] Weights(TrainingRecipe recipe)
    {
        using var model = Model();
        Trainer.Fit(model, problem, Context(recipe), null);
        return [.. model.State.OrderBy(w => w.Key, StringComparer.Ordinal).SelectMany(w => w.Value.data<float>().ToArray()).Select(v => (double)v)];
    }

    private CvscModel Model()
    {
        manual_seed(5);
        return new CvscModel(new CvscOptions { InitialDeviation = 0.3 }, problem);
    }

    private static FitContext Context(TrainingRecipe recipe) => new() { Seed = 3, Recipe = recipe, Cancellation = CancellationToken.None };
}
