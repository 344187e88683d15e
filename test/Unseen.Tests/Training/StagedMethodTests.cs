using Unseen.Data;
using Unseen.Experiments;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Models.Generative;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Training;

/// <summary>Training in stages: cancelled in any of them and resumed, it equals an uninterrupted run to the bit.</summary>
public sealed class StagedMethodTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ZslProblem problem = TinyProblem.Create();

    public static TheoryData<string, string, int> Interruptions => new()
    {
        { "f-clswgan", "training pretraining", 3 },
        { "f-clswgan", "training", 1 },                                                        // of the critic
        { "f-clswgan", "training", 6 },                                                        // of the generator
        { "f-clswgan", "training", 24 },                                                       // end of an epoch
        { "f-clswgan", "training classifier", 5 },
        { "ce-gzsl", "training", 7 },
        { "ce-gzsl", "training classifier", 13 },
        { "mlis", "training", 6 },
        { "mlis", "training", 7 },                                                             // of the encoder
        { "mlis", "training", 9 },
        { "mlis", "training classifier", 1 },
    };

    [Theory]
    [MemberData(nameof(Interruptions))]
    public void AResumedFitEqualsAnUninterruptedOne(string id, string phase, int step)
    {
        var selection = new Selection(2, new Dictionary<string, string>(), 0.1, 0.5, null, []);
        var expected = Fit(id, selection, Context(id));
        var context = Context(id) with { CheckpointPath = folder.File("training.safetensors") };
        Assert.Throws<OperationCanceledException>(() => Fit(id, selection, CancelAt(context, phase, step)));
        Assert.True(Directory.EnumerateFiles(Path.GetDirectoryName(context.CheckpointPath)!).Any());
        var resumed = Fit(id, selection, context);
        Assert.Equal(expected.Weights, resumed.Weights);
        Assert.Equal(Figures(expected.History), Figures(resumed.History));
    }

    [Theory]
    [InlineData("validation 1", 8)]
    [InlineData("validation 1", 24)]
    [InlineData("validation 1 classifier", 4)]                                                 // in the middle of a look at validation
    public void AResumedSearchChoosesTheSame(string phase, int step)
    {
        var method = Method("f-clswgan");
        var context = Context("f-clswgan") with { Phase = "validation" };
        var expected = method.Choose([problem], context);
        context = context with { CheckpointPath = folder.File("validation.safetensors") };
        Assert.Throws<OperationCanceledException>(() => method.Choose([problem], CancelAt(context, phase, step)));
        var resumed = method.Choose([problem], context);
        Assert.Equal((expected.Epochs, expected.Gamma, expected.Validation), (resumed.Epochs, resumed.Gamma, resumed.Validation));
        Assert.Equal(Figures(expected.History), Figures(resumed.History));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void TheBestEpochOnTheEvaluationImagesIsTheModelThatIsLeft(double average)
    {
        var context = Context("mlis");
        var fit = Method("mlis").Fit(problem, null, context with { Recipe = context.Recipe with { WeightAverage = average } });
        using var model = fit.Model;
        var best = BestEpoch.Of(fit.History, EpochCriterion.UncalibratedH)!;
        Assert.Equal(best.Epoch, fit.Chosen.Epochs);
        Assert.Equal(best.Validation, EpochScore.Of(Scoring.Score(model, problem, problem.Evaluation, cancellation: CancellationToken.None)));
    }

    [Fact]
    public void ValidationIsLookedAtAsOftenAsAsked()
    {
        var context = Context("f-clswgan");
        context = context with { Recipe = context.Recipe with { Epochs = 5, EvaluateEvery = 2 } };
        var selection = Method("f-clswgan").Choose([problem], context);
        Assert.Equal([false, true, false, true, true], selection.History.Select(e => e.Validation is not null));
        Assert.Contains(selection.Epochs!.Value, new[] { 2, 4, 5 });
    }

    [Fact]
    public void TermsAreAveragedOverTheStepsThatHaveThem()
    {
        var context = Context("f-clswgan");
        var seen = new List<string>();
        var tracker = new Recording((phase, epoch) => seen.Add($"{phase}: {string.Join(' ', epoch.Terms.Keys)}"));
        var selection = new Selection(1, new Dictionary<string, string>(), 0, 0.5, null, []);
        var fit = Method("f-clswgan").Fit(problem, selection, context with { Tracker = tracker });
        using var model = fit.Model;
        Assert.Equal(["training pretraining: pretraining", "training: wasserstein penalty generator ce", "training classifier: classifier"], seen.Distinct());
        Assert.InRange(fit.History[0].Terms["ce"], 1, 3);                                      // about ln 6, not a sixth of it
    }

    [Fact]
    public void ANaNStopsAndNamesTermAndStep()
    {
        var rows = problem.Train.Images.Select(_ => Enumerable.Repeat(float.NaN, 48).ToArray()).ToArray();
        var broken = problem with
        {
            Features = new MemoryFeatures(rows, 4, [12]),
            Train = problem.Train with { Images = [.. Enumerable.Range(0, rows.Length)] },
        };
        var error = Assert.Throws<TrainingDivergedException>(() => Method("mlis").Fit(broken, null, Context("mlis")));
        Assert.Equal((1L, "wasserstein"), (error.Step, error.Term));
    }

    [Fact]
    public void ACheckpointOfAnotherFitIsRefused()
    {
        var selection = new Selection(1, new Dictionary<string, string>(), 0, 0.5, null, []);
        var context = Context("mlis") with { CheckpointPath = folder.File("training.safetensors") };
        Fit("mlis", selection, context);
        Assert.Throws<CheckpointMismatchException>(() => Fit("mlis", selection, context with { Seed = 9 }));
    }

    private static FitContext Context(string id) => new()
    {
        Seed = 3,
        Recipe = MethodCatalog.Find(id).Recipe! with { Epochs = 3, BatchSize = 9, Shots = 2, LearningRate = 2e-3, EvaluateEvery = 1 },
        Cancellation = CancellationToken.None,
    };

    private static IZslMethod Method(string id)
    {
        var method = MethodCatalog.Find(id);
        return method.Create(SmallGenerators.Narrow(method.Presets[0].Options));
    }

    private (float[] Weights, IReadOnlyList<EpochRecord> History) Fit(string id, Selection selection, FitContext context)
    {
        var fit = Method(id).Fit(problem, selection, context);
        using var model = fit.Model;
        return ([.. model.State.Values.SelectMany(t => t.data<float>().ToArray())], fit.History);
    }

    private static FitContext CancelAt(FitContext context, string phase, int step)
    {
        var source = new CancellationTokenSource();
        return context with { Cancellation = source.Token, Progress = new Counting(update => Cancel(update, source, phase, step)) };
    }

    private static void Cancel(ProgressUpdate update, CancellationTokenSource source, string phase, int step)
    {
        if (update.Phase == phase && update.Done == step) source.Cancel();
    }

    private static IEnumerable<string> Figures(IReadOnlyList<EpochRecord> history) =>
        history.Select(e => $"{e.Epoch} {e.Steps} {e.Loss:R} {string.Join(' ', e.Terms.OrderBy(t => t.Key))} {e.Validation}");

    public void Dispose() => folder.Dispose();

    private sealed class Counting(Action<ProgressUpdate> report) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => report(value);
    }

    private sealed class Recording(Action<string, EpochRecord> log) : IRunTracker
    {
        public void Log(string phase, EpochRecord epoch) => log(phase, epoch);
    }
}
