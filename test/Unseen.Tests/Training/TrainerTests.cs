using System.Globalization;
using Unseen.Data;
using Unseen.Models;
using Unseen.Models.Cvsc;
using Unseen.Tests.Contracts;
using Unseen.Tests.Data.Formats;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly TrainingRecipe Recipe = new() { Epochs = 4, BatchSize = 6, LearningRate = 0.01 };

    private readonly TemporaryFolder folder = new();
    private readonly ZslProblem problem = TinyProblem.Create();

    [Fact]
    public void TheLossFallsAndTheModelLearns()
    {
        using var model = Model(problem);
        var history = Trainer.Fit(model, problem, Context(Recipe with { Epochs = 60, LearningRate = 0.02 }), EpochCriterion.BestGammaH);
        Assert.True(history[^1].Loss < 0.8 * history[0].Loss, $"{history[0].Loss} to {history[^1].Loss}");
        Assert.True(history.Max(e => e.Validation!.H) > 0.5, $"best H {history.Max(e => e.Validation!.H)}");
        Assert.Equal(Enumerable.Range(1, 60), history.Select(e => e.Epoch));
        Assert.Equal(60 * 6, history[^1].Steps);
    }

    [Theory]
    [InlineData(OptimiserKind.Adam)]
    [InlineData(OptimiserKind.AdamW)]
    [InlineData(OptimiserKind.RmsProp)]
    [InlineData(OptimiserKind.Sgd)]
    public void EveryOptimiserReducesTheLoss(OptimiserKind kind)
    {
        using var model = Model(problem);
        var recipe = Recipe with { Optimiser = kind, Epochs = 10, Momentum = 0.5, LearningRate = kind == OptimiserKind.Sgd ? 0.02 : 0.005 };
        var history = Trainer.Fit(model, problem, Context(recipe), null);
        Assert.True(history[^1].Loss < history[0].Loss);
        Assert.All(history, e => Assert.Null(e.Validation));
    }

    [Fact]
    public void TheEpochLossIsTheWeightedSumOfItsTerms()
    {
        using var model = Model(problem);
        var options = new CvscOptions();
        foreach (var epoch in Trainer.Fit(model, problem, Context(Recipe), null))
        {
            var t = epoch.Terms;
            Assert.Equal(["cal", "ccl", "ce", "sci", "tci"], t.Keys.Order());
            Assert.Equal(t["ce"] * options.CrossEntropyWeight + t["cal"] * options.SelfCalibrationWeight + t["ccl"] * options.CclWeight +
                t["sci"] * options.SciWeight + t["tci"] * options.TciWeight, epoch.Loss, 1e-4);
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameNumbersToTheBit()
    {
        var (first, second, other) = (Train(3), Train(3), Train(4));
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void TheModelEndsWithTheWeightsOfItsBestEpoch()
    {
        using var model = Model(problem);
        var recipe = Recipe with { Epochs = 12, LearningRate = 0.3 };                         // restless, so that the best is not the last
        var history = Trainer.Fit(model, problem, Context(recipe), EpochCriterion.UncalibratedH);
        var best = BestEpoch.Of(history, EpochCriterion.UncalibratedH)!;
        Assert.Equal(history.Max(e => e.Validation!.UncalibratedH), best.Validation!.UncalibratedH);
        var again = EpochScore.Of(Scoring.Score(model, problem, problem.Evaluation, cancellation: CancellationToken.None));
        Assert.Equal(best.Validation, again);
        Assert.NotEqual(history[^1].Validation, again);
    }

    [Fact]
    public void TheEarliestOfEqualEpochsIsBest()
    {
        EpochRecord Epoch(int number, double h) => new(number, number, 0, 0, new Dictionary<string, double>(), new EpochScore(0, 0, 0, h,
            0, 0, 1 - h, 0));
        var history = new[] { Epoch(1, 0.2), Epoch(2, 0.5), Epoch(3, 0.5) };
        Assert.Equal(2, BestEpoch.Of(history, EpochCriterion.BestGammaH)!.Epoch);
        Assert.Equal(1, BestEpoch.Of(history, EpochCriterion.UncalibratedH)!.Epoch);
        Assert.Null(BestEpoch.Of([history[0] with { Validation = null }], EpochCriterion.BestGammaH));
    }

    [Fact]
    public void PatienceStopsAfterEpochsWithoutABetterOne()
    {
        using var model = Model(problem);
        var history = Trainer.Fit(model, problem, Context(Recipe with { Epochs = 100, LearningRate = 1e-9, Patience = 3 }),
            EpochCriterion.BestGammaH);
        Assert.Equal(4, history.Count);                                                        // the best one and three after it
    }

    [Fact]
    public void ANaNStopsBeforeItReachesTheWeightsAndNamesTermAndStep()
    {
        var size = problem.Features.Regions * problem.Features.Visual();
        var rows = problem.Train.Images.Select(_ => Enumerable.Repeat(float.NaN, size).ToArray()).ToArray();
        var broken = problem with
        {
            Features = new MemoryFeatures(rows, problem.Features.Regions, problem.Features.VisualWidths),
            Train = problem.Train with { Images = [.. Enumerable.Range(0, rows.Length)] },
        };
        using var model = Model(broken);
        var error = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(model, broken, Context(Recipe), null));
        Assert.Equal((1L, "ce"), (error.Step, error.Term));
        Assert.Equal("Training diverged: loss term 'ce' is not finite at step 1. Lower training.learningRate or the weight of the term.",
            error.Message);
        Assert.All(model.State.Values, weight => Assert.True(weight.isfinite().all().item<bool>()));
    }

    [Fact]
    public void EmptyTrainingSetsAreRefused()
    {
        using var model = Model(problem);
        Assert.Throws<ConfigurationException>(() =>
            Trainer.Fit(model, problem with { Train = new LabelledImages([], []) }, Context(Recipe), null));
    }

    [Fact]
    public void TrainingLeavesNoTensorBehind() => Leak.None(() =>
    {
        using var model = Model(problem);
        var context = Context(Recipe) with { CheckpointPath = folder.File($"{Guid.NewGuid()}.safetensors") };
        Trainer.Fit(model, problem, context, EpochCriterion.BestGammaH);
    }, parameters: 3);

    [Fact]
    public void AnAbandonedPrefetchDisposesItsBatches() => Leak.None(() =>
    {
        var sampler = new BatchSampler(Recipe, problem.Train.Labels, 1);
        foreach (var (step, _) in FeatureBatches.Prefetch(problem, FeatureKind.Regions, sampler, 0, 100))
            if (step == 3) break;
    });

    [Fact]
    public void PrefetchedBatchesAreTheSampledImages()
    {
        var sampler = new BatchSampler(Recipe, problem.Train.Labels, 1);
        var steps = new List<long>();
        foreach (var (step, batch) in FeatureBatches.Prefetch(problem, FeatureKind.Regions, sampler, 2, 7))
        {
            steps.Add(step);
            var rows = new BatchSampler(Recipe, problem.Train.Labels, 1).Batch(step);
            Assert.Equal(rows.Select(r => (long)problem.Train.Labels[r]), batch.Labels.data<long>().ToArray());
            Assert.Equal(TinyProblem.Regions(problem, [.. rows.Select(r => problem.Train.Images[r])]),
                batch.Features.data<float>().ToArray());
        }
        Assert.Equal([2, 3, 4, 5, 6], steps);
    }

    [Fact]
    public void LearningRatesFollowTheSchedule()
    {
        var recipe = new TrainingRecipe { LearningRate = 0.4, Schedule = ScheduleKind.Cosine };
        Assert.Equal(0.4, Optimisers.LearningRate(recipe, 0, 100, 10), 1e-12);
        Assert.Equal(0.2, Optimisers.LearningRate(recipe, 50, 100, 10), 1e-12);
        Assert.Equal(0.2 * (1 + Math.Cos(Math.PI * 0.99)), Optimisers.LearningRate(recipe, 99, 100, 10), 1e-12);
        var steps = recipe with { Schedule = ScheduleKind.Step };
        Assert.Equal([0.4, 0.4, 0.32, 0.32, 0.256], new long[] { 0, 99, 100, 199, 200 }.Select(s =>
            Math.Round(Optimisers.LearningRate(steps, s, 1000, 10), 9)));
        Assert.Equal(0.4, Optimisers.LearningRate(recipe with { Schedule = ScheduleKind.Constant }, 99, 100, 10));
    }

    /// <summary>5e-5 in epochs 0 to 99, 4.95e-5 in 100 to 199, 4.9005e-5 from 200 on; 10 steps per epoch.</summary>
    [Fact]
    public void StepsAreThoseOfTheRecipe()
    {
        var recipe = new TrainingRecipe { LearningRate = 5e-5, Schedule = ScheduleKind.Step, DecayFactor = 0.99, DecayEpochs = 100 };
        Assert.Equal([5e-5, 5e-5, 4.95e-5, 4.95e-5, 4.9005e-5], new long[] { 0, 999, 1000, 1999, 2000 }.Select(s =>
            Math.Round(Optimisers.LearningRate(recipe, s, 10_000, 10), 12)));
        var soon = recipe with { DecayFactor = 0.5, DecayEpochs = 1 };
        Assert.Equal(5e-5 / 8, Optimisers.LearningRate(soon, 39, 10_000, 10), 1e-18);
    }

    [Theory]
    [InlineData("ce-gzsl-cub", ScheduleKind.Step, 0.99, 100)]
    [InlineData("ce-gzsl-awa2", ScheduleKind.Step, 0.99, 10)]
    [InlineData("ce-gzsl-sun", ScheduleKind.Step, 0.99, 100)]
    [InlineData("ce-gzsl-flo", ScheduleKind.Step, 0.99, 100)]
    public void CeGzslDecaysAsItsAuthorsSay(string preset, ScheduleKind schedule, double factor, int epochs)
    {
        var method = Unseen.Experiments.MethodCatalog.Find("ce-gzsl");
        var recipe = (method.Preset(preset).Training ?? new()).Over(method.Recipe!);
        Assert.Equal((schedule, factor, epochs), (recipe.Schedule, recipe.DecayFactor, recipe.DecayEpochs));
    }

    /// <summary>Every setting gets through, also one that was added last.</summary>
    [Fact]
    public void ARecipeIsTheSameAsItsOptions()
    {
        var recipe = new TrainingRecipe();
        foreach (var property in typeof(TrainingRecipe).GetProperties())
            property.SetValue(recipe, property.GetValue(recipe) switch
            {
                int value => value + 3,
                double value => value / 2 + 0.01,
                bool value => !value,
                Enum value => Enum.ToObject(value.GetType(), Convert.ToInt32(value, CultureInfo.InvariantCulture) + 1),
                var other => throw new InvalidOperationException($"{property.Name}: {other}"),
            });
        Assert.Equal(recipe, recipe.ToOptions().Over(new()));
        Assert.Equal(recipe, new TrainingOptions().Over(recipe));
    }

    /// <summary>The text by which a checkpoint is recognised is that of earlier versions wherever the decay changes nothing.</summary>
    [Fact]
    public void ADecayThatIsNotUsedDoesNotPartCheckpoints()
    {
        Assert.DoesNotContain("Decay", Trainer.Describe(new() { WeightDecay = 0 }).Replace("WeightDecay", "", StringComparison.Ordinal));
        Assert.Equal(Trainer.Describe(new()), Trainer.Describe(new() { DecayFactor = 0.5 }));
        var step = new TrainingRecipe { Schedule = ScheduleKind.Step };
        Assert.EndsWith("Schedule = Step, Sampler = Random, Ways = 16, Shots = 2, Patience = 0, EvaluateEvery = 1 }",
            Trainer.Describe(step), StringComparison.Ordinal);
        Assert.Contains("EvaluateEvery = 1, Accumulation = 3, ResetOptimiser = True }",
            Trainer.Describe(new() { Accumulation = 3, ResetOptimiser = true }), StringComparison.Ordinal);
        Assert.EndsWith("EvaluateEvery = 1, WeightAverage = 0.99 }", Trainer.Describe(new() { WeightAverage = 0.99 }), StringComparison.Ordinal);
        Assert.Contains("DecayFactor = 0.5, DecayEpochs = 3", Trainer.Describe(step with { DecayFactor = 0.5, DecayEpochs = 3 }), StringComparison.Ordinal);
    }

    /// <summary>A run that is continued under another language of the system is the same run; the text is that of earlier versions.</summary>
    [Fact]
    public void ACheckpointIsRecognisedInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();             // as de-DE, of which this system may have no data
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.PercentDecimalSeparator) = (",", ",");
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("TrainingRecipe { Epochs = 4, BatchSize = 6, LearningRate = 0.01, Optimiser = Adam, Beta1 = 0.9, Beta2 = 0.999, Momentum = 0, WeightDecay = 0, "
                + "Schedule = Constant, Sampler = Random, Ways = 16, Shots = 2, Patience = 0, EvaluateEvery = 1 }", Trainer.Describe(Recipe));
            var details = new List<string>();
            using var model = Model(problem);
            Trainer.Fit(model, problem, Context(Recipe) with { Progress = new Details(details) }, EpochCriterion.BestGammaH);
            Assert.All(details, d => Assert.Matches(@"^loss -?\d+\.\d{3}(, U \d+\.\d % S \d+\.\d % H \d+\.\d %)?$", d));
            Assert.Contains(details, d => d.Contains(", U ", StringComparison.Ordinal));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private sealed class Details(List<string> lines) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => lines.Add(value.Detail!);
    }

    [Theory]
    [InlineData(ScheduleKind.Cosine)]
    [InlineData(ScheduleKind.Step)]
    public void TheScheduleReachesTheOptimiser(ScheduleKind schedule)
    {
        var recipe = Recipe with { Epochs = 30, Schedule = schedule, Optimiser = OptimiserKind.Sgd };
        Assert.NotEqual(Train(1, recipe with { Schedule = ScheduleKind.Constant }), Train(1, recipe));
    }

    /// <summary>The chosen number of epochs is trained with the learning rates that the search saw.</summary>
    [Fact]
    public void AShorterFitKeepsTheScheduleOfTheSearch()
    {
        var cosine = Recipe with { Schedule = ScheduleKind.Cosine };
        double[] Losses(int epochs, int? schedule)
        {
            using var model = Model(problem);
            var context = Context(cosine with { Epochs = epochs }) with { ScheduleEpochs = schedule };
            return [.. Trainer.Fit(model, problem, context, null).Select(e => e.Loss)];
        }
        Assert.Equal(Losses(4, null)[..2], Losses(2, 4));
        Assert.NotEqual(Losses(4, null)[..2], Losses(2, null));
    }

    private float[] Train(int seed, TrainingRecipe? recipe = null)
    {
        using var model = Model(problem, seed);
        Trainer.Fit(model, problem, Context(recipe ?? Recipe) with { Seed = seed }, EpochCriterion.BestGammaH);
        return [.. model.State.Values.SelectMany(t => t.data<float>().ToArray())];
    }

    internal static CvscModel Model(ZslProblem problem, int seed = 1)
    {
        manual_seed(seed);
        return new CvscModel(new CvscOptions { InitialDeviation = 0.3 }, problem);
    }

    private static FitContext Context(TrainingRecipe recipe) => new() { Seed = 1, Recipe = recipe, Cancellation = CancellationToken.None };

    public void Dispose() => folder.Dispose();
}
