using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Tests.Data.Formats;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Training;

/// <summary>A run that was cancelled and resumed equals an uninterrupted one, to the bit.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int StepsPerEpoch = 6;

    private readonly TemporaryFolder folder = new();
    private readonly ZslProblem problem = TinyProblem.Create();

    public static TheoryData<OptimiserKind, int, SamplerKind> Interruptions => new(
        from kind in Enum.GetValues<OptimiserKind>()
        from step in new[] { 1, StepsPerEpoch + 2, 2 * StepsPerEpoch }
        select (kind, step, kind == OptimiserKind.Adam ? SamplerKind.Shuffled : SamplerKind.Random));

    [Theory]
    [MemberData(nameof(Interruptions))]
    public void AResumedRunEqualsAnUninterruptedOne(OptimiserKind kind, int step, SamplerKind sampler)
    {
        var recipe = Recipe with
        {
            Epochs = 4,
            Momentum = 0.5,
            WeightDecay = 0.01,
            Optimiser = kind,
            Sampler = sampler,
            Schedule = ScheduleKind.Cosine,
        };
        var (expected, history) = Train(Context(recipe));
        var path = folder.File("c.safetensors");
        var context = Context(recipe) with { CheckpointPath = path };
        Assert.Throws<OperationCanceledException>(() => Train(CancelAt(context, step)));
        Assert.True(File.Exists(path));
        var (resumed, resumedHistory) = Train(context);
        Assert.Equal(expected, resumed);
        Assert.Equal(Figures(history), Figures(resumedHistory));
    }

    [Fact]
    public void ADamagedCheckpointIsRefused()
    {
        var path = folder.File("c.safetensors");
        var context = Context(Recipe) with { CheckpointPath = path };
        Assert.Throws<OperationCanceledException>(() => Train(CancelAt(context, StepsPerEpoch + 2)));
        var whole = File.ReadAllBytes(path);
        foreach (var fromEnd in new[] { 2, whole.Length / 3, whole.Length / 2 })
        {
            var bytes = whole.ToArray();
            bytes[^fromEnd] ^= 4;
            File.WriteAllBytes(path, bytes);
            Assert.Contains("the checkpoint is damaged", Assert.Throws<DatasetFormatException>(() => Train(context)).Message, StringComparison.Ordinal);
        }
        File.WriteAllBytes(path, whole);
        Assert.Equal(Train(Context(Recipe)).Weights, Train(context).Weights);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(StepsPerEpoch + 2)]
    [InlineData(2 * StepsPerEpoch)]
    public void AveragesOfWeightsGoOnToo(int step)
    {
        var recipe = Recipe with { Epochs = 4, WeightAverage = 0.8 };
        var expected = Train(Context(recipe)).Weights;
        var context = Context(recipe) with { CheckpointPath = folder.File("c.safetensors") };
        Assert.Throws<OperationCanceledException>(() => Train(CancelAt(context, step)));
        Assert.Equal(expected, Train(context).Weights);
        Assert.NotEqual(expected, Train(Context(recipe with { WeightAverage = 0 })).Weights);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void ACancelledEvaluationIsMadeUpFor(double average)
    {
        var recipe = Recipe with { WeightAverage = average };
        var (expected, history) = Train(Context(recipe));
        using var cancellation = new CancellationTokenSource();
        var slow = problem with { Features = new CancellingFeatures(problem, cancellation) };
        var context = Context(recipe) with { CheckpointPath = folder.File("c.safetensors") };
        Assert.Throws<OperationCanceledException>(() => Train(context with { Cancellation = cancellation.Token }, slow));
        var (resumed, resumedHistory) = Train(context);
        Assert.Equal(expected, resumed);
        Assert.Equal(Figures(history), Figures(resumedHistory));
    }

    /// <summary>With a criterion, as on validation, and without, as in the last fit of the clean protocol.</summary>
    [Theory]
    [InlineData(0, EpochCriterion.BestGammaH)]
    [InlineData(0.8, EpochCriterion.BestGammaH)]
    [InlineData(0.8, null)]
    public void AFinishedFitIsNotTrainedAgain(double average, EpochCriterion? criterion)
    {
        var context = Context(Recipe with { WeightAverage = average }) with { CheckpointPath = folder.File("c.safetensors") };
        var (expected, _) = Train(context, null, criterion);
        var steps = 0;
        var (again, history) = Train(context with { Progress = new Counting(_ => steps++) }, null, criterion);
        Assert.Equal((0, Recipe.Epochs), (steps, history.Count));
        Assert.Equal(expected, again);
    }

    [Fact]
    public void ACheckpointOfAnotherFitIsRefused()
    {
        var path = folder.File("c.safetensors");
        var context = Context(Recipe) with { CheckpointPath = path };
        Train(context);
        const string Message = ": the checkpoint belongs to a run with other options. Use the options of the stored run, or another --out.";
        foreach (var other in new[]
        {
            context with { Seed = 2 }, context with { Recipe = Recipe with { LearningRate = 0.02 } }, context with { Phase = "validation" },
            context with { Precision = Precision.Bf16 },
        })
            Assert.Equal(path + Message, Assert.Throws<CheckpointMismatchException>(() => Train(other)).Message);
    }

    [Fact]
    public void ACheckpointOfAnotherVersionIsRefused()
    {
        var path = folder.File("c.safetensors");
        var context = Context(Recipe) with { CheckpointPath = path };
        Train(context);
        List<SafetensorsTensor> tensors;
        Dictionary<string, string> metadata;
        using (var file = SafetensorsFile.Open(path))
        {
            tensors = [.. file.Entries.Values.Select(e => new SafetensorsTensor(e.Name, e.Type, e.Shape, file.Bytes(e.Name, 0, (int)e.ByteLength).ToArray()))];
            metadata = file.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value.Replace("\"Format\":2,", "", StringComparison.Ordinal));
        }
        Safetensors.Write(path, tensors, metadata);
        Assert.Equal($"{path}: the checkpoint was written by another version of Unseen (format 0, this version has 2). Delete the file to start this phase anew, or go on with "
            + "the version that wrote it.", Assert.Throws<CheckpointMismatchException>(() => Train(context)).Message);
    }

    [Fact]
    public void ABrokenCheckpointIsAMessage()
    {
        var context = Context(Recipe) with { CheckpointPath = folder.File("c.safetensors", [1, 2, 3]) };
        Assert.Throws<DatasetFormatException>(() => Train(context));
    }

    private static readonly TrainingRecipe Recipe = new() { Epochs = 3, BatchSize = 6, LearningRate = 0.01 };

    private static FitContext Context(TrainingRecipe recipe) => new() { Seed = 1, Recipe = recipe, Cancellation = CancellationToken.None };

    private static FitContext CancelAt(FitContext context, int step)
    {
        var source = new CancellationTokenSource();
        return context with
        {
            Cancellation = source.Token,
            Progress = new Counting(update =>
            {
                if (update.Done == step) source.Cancel();
            }),
        };
    }

    private (float[] Weights, IReadOnlyList<EpochRecord> History) Train(
        FitContext context, ZslProblem? other = null, EpochCriterion? criterion = EpochCriterion.BestGammaH)
    {
        using var model = TrainerTests.Model(problem);
        var history = Trainer.Fit(model, other ?? problem, context, criterion);
        return ([.. model.State.Values.SelectMany(t => t.data<float>().ToArray())], history);
    }

    private static IEnumerable<string> Figures(IReadOnlyList<EpochRecord> history) =>
        history.Select(e => $"{e.Epoch} {e.Steps} {e.Loss:R} {string.Join(' ', e.Terms.OrderBy(t => t.Key))} {e.Validation}");

    public void Dispose() => folder.Dispose();

    private sealed class Counting(Action<ProgressUpdate> report) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => report(value);
    }

    /// <summary>Cancels when the first evaluation image is read, which is in no batch.</summary>
    private sealed class CancellingFeatures(ZslProblem problem, CancellationTokenSource cancellation) : IFeatureSource
    {
        private readonly HashSet<int> evaluation = [.. problem.Evaluation.Images];

        public int Regions => problem.Features.Regions;

        public Unseen.Features.FeatureGrid? Grid => null;

        public IReadOnlyList<int> VisualWidths => problem.Features.VisualWidths;

        public void ReadRegions(int image, Span<float> destination)
        {
            if (evaluation.Contains(image))
            {
                cancellation.Cancel();
                cancellation.Token.ThrowIfCancellationRequested();
            }
            problem.Features.ReadRegions(image, destination);
        }

        public void ReadGlobal(int image, Span<float> destination) => problem.Features.ReadGlobal(image, destination);
    }
}
