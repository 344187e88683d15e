using Unseen.Data;
using Unseen.Models.Compatibility;
using Unseen.Models.Linear;
using Unseen.Tests.Contracts;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

public sealed class CompatibilityTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly ZslProblem problem;
    private readonly Tensor raw;        // [images, visual]
    private readonly Tensor labels;

    public CompatibilityTests()
    {
        // Seen classes need not come first: ids 0, 2, 3, 5 and 6 are seen.
        var tiny = TinyProblem.Create();
        var order = new[] { 0, 6, 1, 2, 7, 3, 4, 5 };
        var idOf = Enumerable.Range(0, 8).ToDictionary(i => order[i], i => i);
        problem = tiny with
        {
            Semantics = tiny.Semantics.Select(order),
            SeenClass = [.. order.Select(c => tiny.SeenClass[c])],
            Train = tiny.Train with { Labels = [.. tiny.Train.Labels.Select(l => idOf[l])] },
            Evaluation = tiny.Evaluation with { Labels = [.. tiny.Evaluation.Labels.Select(l => idOf[l])] },
        };
        var images = problem.Train.Images[..20];
        using var batch = FeatureBatches.Gather(problem.Features, Unseen.Models.FeatureKind.Global, images, problem.Train.Labels.AsSpan(0, 20));
        (raw, labels) = (batch.Features.clone(), batch.Labels.clone());
    }

    /// <summary>The gradient of a step is Xᵀ C Z with one coefficient per image and class.</summary>
    [Theory]
    [InlineData("ale")]
    [InlineData("sje")]
    [InlineData("devise")]
    public void TheGradientIsThatOfThePlainLoop(string id)
    {
        manual_seed(6);
        var options = Options(id) with { InitialDeviation = 1 };
        using var model = Create(options);
        var term = Assert.Single(model.Losses(raw, labels));
        term.Value.backward();
        var (x, z) = (nn.functional.normalize(raw, dim: 1), nn.functional.normalize(tensor(problem.Semantics.Values), dim: 1));
        var weight = model.State["weight"].detach();
        var scores = einsum("bd,dk,ck->bc", x, weight, z);
        var (loss, gradient) = (0.0, zeros_like(weight));
        for (var b = 0; b < 20; b++)
        {
            var y = (int)labels[b].item<long>();
            var violations = problem.SeenClasses.Where(c => c != y)
                .Select(c => (Class: c, Value: 1 + (scores[b, c] - scores[b, y]).item<float>())).Where(v => v.Value > 0).ToList();
            if (id == "sje") violations = [.. violations.OrderByDescending(v => v.Value).Take(1)];
            var factor = id != "ale" || violations.Count == 0 ? 1 : Enumerable.Range(1, violations.Count).Sum(i => 1.0 / i) / violations.Count;
            foreach (var (c, value) in violations)
            {
                loss += factor * value / 20;
                gradient += factor / 20 * x[b].unsqueeze(1) * (z[c] - z[y]).unsqueeze(0);
            }
        }
        Assert.True(loss > 0);
        Assert.Equal(loss, term.Value.item<float>(), 1e-4 * loss);
        Assert.True((gradient - model.TrainedParameters[0].Parameter.grad!).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void ScoresAreProductsWithEveryClass()
    {
        manual_seed(6);
        using var model = Create(new AleOptions { InitialDeviation = 1 });
        var (x, z) = (nn.functional.normalize(raw, dim: 1), nn.functional.normalize(tensor(problem.Semantics.Values), dim: 1));
        Assert.True(model.Forward(raw).ClassScores.allclose(einsum("bd,dk,ck->bc", x, model.State["weight"].detach(), z), 1e-4, 1e-5));
    }

    [Fact]
    public void TheUntrainedModelSaysNothing()
    {
        using var model = Create(new DeviseOptions());
        Assert.Equal(0, model.Forward(raw).ClassScores.abs().max().item<float>());
        Assert.Equal(5, Assert.Single(model.Losses(raw, labels)).Value.item<float>(), 1e-5);             // five wrong classes, margin 1 each
        using var ale = Create(new AleOptions());
        Assert.Equal(1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4 + 1.0 / 5, Assert.Single(ale.Losses(raw, labels)).Value.item<float>(), 1e-5);
    }

    [Fact]
    public void WrongShapesAreRefused()
    {
        using var model = Create(new SjeOptions());
        Assert.Throws<ShapeException>(() => model.Losses(raw, zeros(3, int64)));
        Assert.Equal("'features' must have shape [any, 12], found [2, 11].",
            Assert.Throws<ShapeException>(() => model.Forward(zeros(2, 11))).Message);
    }

    [Fact]
    public void TheBestNormalisationOnValidationIsTaken()
    {
        var tried = new List<string>();
        var options = new SjeOptions();
        var method = new TunedGradientMethod(CompatibilityModel.Grid(options), (settings, p, state) =>
        {
            tried.Add(string.Join(' ', settings.Values));
            return CompatibilityModel.Create(options, settings, p, state);
        });
        var context = new FitContext { Seed = 3, Recipe = new TrainingRecipe { Epochs = 3, BatchSize = 9, LearningRate = 0.02 } };
        var selection = method.Choose([problem], context);
        Assert.Equal(6, tried.Distinct().Count());
        var alone = CompatibilityModel.Grid(options).Select(settings => Of(options, settings).Choose([problem], context).Validation!.H).ToArray();
        Assert.Equal(alone.Max(), selection.Validation!.H);
        using var fit = method.Fit(problem, selection, context).Model;
        Assert.Equal(string.Join(' ', selection.Settings.Values), tried[^1]);

        var published = method.Fit(problem, null, context);
        using var model = published.Model;
        var best = CompatibilityModel.Grid(options).Max(settings => OnEvaluation(Of(options, settings).Fit(problem, null, context)));
        Assert.Equal(best, OnEvaluation(published, dispose: false));
        Assert.Equal(2, published.Chosen.Settings.Count);
    }

    /// <summary>The published protocol trains every point of the grid and keeps the best; a later one that fails must not leave it behind.</summary>
    [Fact]
    public void AFailingSettingLeavesNoModelBehind()
    {
        var options = new SjeOptions();
        Leak.None(() =>
        {
            var created = 0;
            var method = new TunedGradientMethod(CompatibilityModel.Grid(options), (settings, p, state) =>
                ++created < 3 ? CompatibilityModel.Create(options, settings, p, state) : throw new InvalidOperationException("third"));
            var context = new FitContext { Seed = 3, Recipe = new TrainingRecipe { Epochs = 1, BatchSize = 9, LearningRate = 0.02 } };
            using var inner = NewDisposeScope();
            Assert.Equal("third", Assert.Throws<InvalidOperationException>(() => method.Fit(problem, null, context)).Message);
        }, parameters: 2);
    }

    [Fact]
    public void ASearchThatWasDoneIsNotDoneAgain()
    {
        using var folder = new Unseen.Tests.Cli.TemporaryFolder();
        var options = new AleOptions();
        var method = new TunedGradientMethod(CompatibilityModel.Grid(options), (settings, p, state) => CompatibilityModel.Create(options, settings, p, state));
        var (first, second) = (new StepCounter(), new StepCounter());
        var context = new FitContext
        {
            Seed = 3,
            Recipe = new TrainingRecipe { Epochs = 3, BatchSize = 9, LearningRate = 0.02 },
            CheckpointPath = folder["validation.safetensors"],
        };
        var chosen = method.Choose([problem], context with { Progress = first });
        var again = method.Choose([problem], context with { Progress = second });
        Assert.Equal(6 * 3 * 4, first.Steps);                                                           // settings, epochs, batches
        Assert.Equal(0, second.Steps);
        Assert.Equal(chosen.Validation, again.Validation);
        Assert.Equal(chosen.Settings, again.Settings);
    }

    [Fact]
    public void GlobalFeaturesArePooledOnce()
    {
        var source = (MemoryFeatures)problem.Features;
        var pooled = new PooledFeatures(source);
        var (first, second, expected) = (new float[12], new float[12], new float[12]);
        source.ReadGlobal(4, expected);
        var before = source.Reads;
        pooled.ReadGlobal(4, first);
        pooled.ReadGlobal(4, second);
        Assert.Equal(before + 1, source.Reads);
        Assert.Equal(expected, first);
        Assert.Equal(expected, second);
    }

    private static GradientMethod Of(CompatibilityOptions options, IReadOnlyDictionary<string, string> settings) =>
        new((p, _, state) => CompatibilityModel.Create(options, settings, p, state));

    private static double OnEvaluation(FitResult fit, bool dispose = true)
    {
        if (dispose) fit.Model.Dispose();
        return BestEpoch.Of(fit.History, EpochCriterion.UncalibratedH)!.Validation!.UncalibratedH;
    }

    private CompatibilityModel Create(CompatibilityOptions options) =>
        new(options, new LinearSetting(FeatureNormalisation.L2, AttributeNormalisation.L2), problem, null);

    private static CompatibilityOptions Options(string id) => id switch
    {
        "ale" => new AleOptions(),
        "sje" => new SjeOptions(),
        _ => new DeviseOptions(),
    };

    public void Dispose() => scope.Dispose();

    private sealed class StepCounter : IProgress<ProgressUpdate>
    {
        public int Steps { get; private set; }

        public void Report(ProgressUpdate value) => Steps++;
    }
}
