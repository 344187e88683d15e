using Unseen.Data;
using Unseen.Experiments;
using Unseen.Models;
using Unseen.Models.Compatibility;
using Unseen.Tests.Models.Generative;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Contracts;

/// <summary>What every method of the catalog promises, whatever it does inside.</summary>
public sealed class MethodContractTests
{
    private static readonly ZslProblem Problem = TinyProblem.Create();

    public static TheoryData<string> Methods => new(MethodCatalog.All.Select(m => m.Id));

    /// <summary>Presets that read features; those that read pictures run in the tests of their method.</summary>
    public static TheoryData<string, string> Presets =>
        new(MethodCatalog.All.SelectMany(m => m.Presets.Where(p => p.Options.Pictures() is null).Select(p => (m.Id, p.Name))));

    [Theory]
    [MemberData(nameof(Methods))]
    public void ForwardHasTheShapesOfTheProblem(string id)
    {
        using var scope = NewDisposeScope();
        using var model = Fit(id).Model;
        foreach (var count in new[] { 1, 3 })
        {
            var output = model.Forward(Batch(model, count));
            Assert.Equal([count, 8L], output.ClassScores.shape);
            if (output.PredictedAttributes is { } predicted) Assert.Equal([count, 8L], predicted.shape);
            if (output.Attention is { } attention) Assert.Equal([count, 8L, 4], attention.shape);
            if (output.VisualAttention is { } visual) Assert.Equal([count, 8L, 4], visual.shape);
            if (output.AttributeEffect is { } effect) Assert.Equal([count, 8L], effect.shape);
            Assert.False(output.ClassScores.requires_grad);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void ScoresThatClaimToBeAProductAreOneUpToAConstantPerClass(string id)
    {
        using var scope = NewDisposeScope();
        using var model = Fit(id).Model;
        var output = model.Forward(Batch(model, 3));
        Assert.Equal(MethodCatalog.Find(id).ScoresFromSemantics, output.Product is not null);
        if (output.Product is not { } product) return;
        var constant = output.ClassScores - product.Attributes.mm(product.ClassVectors.t());
        Assert.True((constant - constant[0]).abs().max().item<float>() <= 1e-4 * output.ClassScores.abs().max().item<float>());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void TheMethodLearns(string id)
    {
        using var model = Fit(id).Model;
        var score = EpochScore.Of(Scoring.Score(model, Problem, Problem.Evaluation, cancellation: CancellationToken.None));
        Assert.True(score.H > 0.5, $"{score}");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void TheSameSeedGivesTheSameNumbers(string id)
    {
        var (first, second) = (Fit(id), Fit(id));
        using (first.Model)
        using (second.Model)
        {
            Assert.Equal(Numbers(first.Model), Numbers(second.Model));
            Assert.Equal(first.Chosen.Settings, second.Chosen.Settings);
            Assert.Equal(Scores(first.Model), Scores(second.Model));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void AModelFromItsStateIsTheSameModel(string id)
    {
        using var scope = NewDisposeScope();
        var fit = Fit(id);
        using var model = fit.Model;
        var bare = Problem with { WordVectors = null, Train = new([], []), Evaluation = new([], []) };
        using var loaded = Method(id).Load(bare, model.State, fit.Chosen, Precision.F32);
        Assert.Equal(model.State.Keys, loaded.State.Keys);
        Assert.Equal(Scores(model), Scores(loaded));
        Assert.Throws<CheckpointMismatchException>(() => Method(id).Load(bare, new Dictionary<string, Tensor>(), fit.Chosen,
            Precision.F32));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void FeaturesOfAnotherShapeAreRefused(string id)
    {
        using var scope = NewDisposeScope();
        using var model = Fit(id).Model;
        var right = model.FeatureKind == FeatureKind.Regions ? (long[])[2, 4, 12] : [2, 12];
        foreach (var wrong in new long[][] { [.. right[..^1], 11], [.. right[..^1], 13], [.. right, 1], right[1..], [12], [2, 3, 4, 12] })
            Assert.Throws<ShapeException>(() => model.Forward(zeros(wrong)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void ChoosingFittingAndScoringLeaveNothingBehind(string id) => Leak.None(() =>
    {
        var fit = Fit(id);
        using var model = fit.Model;
        Scores(model);
        using var loaded = Method(id).Load(Problem, model.State, fit.Chosen, Precision.F32);
    }, Parameters(id));

    [Theory]
    [MemberData(nameof(Presets))]
    public void EveryPresetRunsInBothPrecisions(string id, string preset)
    {
        var method = MethodCatalog.Find(id);
        foreach (var precision in Enum.GetValues<Precision>())
        {
            var context = Context(id, epochs: 2) with { Precision = precision };
            using var model = method.Create(SmallGenerators.Narrow(method.Preset(preset).Options)).Fit(Problem, null, context).Model;
            Assert.All(Scores(model), score => Assert.True(float.IsFinite(score)));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void ProblemsWithoutUnseenClassesOrWordVectorsWork(string id)
    {
        var seen = Problem.SeenClasses;
        var images = Problem.Evaluation.Images.Zip(Problem.Evaluation.Labels).Where(i => Problem.SeenClass[i.Second]).ToArray();
        var problem = Problem with
        {
            Semantics = Problem.Semantics.Select(seen),
            SeenClass = [.. seen.Select(_ => true)],
            WordVectors = null,
            Evaluation = new LabelledImages([.. images.Select(i => i.First)], [.. images.Select(i => i.Second)]),
        };
        using var model = Method(id).Fit(problem, null, Context(id, 2)).Model;
        var score = Scoring.Score(model, problem, problem.Evaluation, cancellation: CancellationToken.None);
        Assert.Equal(images.Length * 6, score.Scores.Length);
    }

    private static FitResult Fit(string id) => Method(id).Fit(Problem, Method(id).Choose([Problem], Context(id)), Context(id));

    private static IZslMethod Method(string id)
    {
        var method = MethodCatalog.Find(id);
        return method.Create(SmallGenerators.Narrow(method.Presets[0].Options));
    }

    /// <summary>Parameters that choosing, fitting and loading make; a staged method makes a classifier for every look at validation.</summary>
    private static int Parameters(string id)
    {
        if (Method(id) is StagedMethod staged)
        {
            using var training = staged.Create(Problem, Context(id));
            var stages = training.Main.TrainedParameters.Count + training.Preparation(CancellationToken.None).Sum(s => s.Trainable.TrainedParameters.Count);
            return 2 * stages + 2 * (Looks + 1);
        }
        using var model = Fit(id).Model;
        return (Candidates(id) + 2) * (model is ITrainableModel trainable ? trainable.TrainedParameters.Count : 0);
    }

    /// <summary>Models that are trained to choose.</summary>
    private static int Candidates(string id) =>
        MethodCatalog.Find(id).Presets[0].Options is CompatibilityOptions options ? CompatibilityModel.Grid(options).Count : 1;

    private const int Looks = 4;

    private static FitContext Context(string id, int? epochs = null)
    {
        var recipe = MethodCatalog.Find(id).Recipe ?? new TrainingRecipe();
        var staged = Method(id) is StagedMethod;
        var length = epochs ?? (staged ? 40 : 60);
        return new()
        {
            Seed = 5,
            Recipe = recipe with
            {
                Epochs = length,
                BatchSize = 9,
                LearningRate = staged ? 0.005 : 0.02,
                Shots = 2,
                Patience = 0,
                EvaluateEvery = staged && epochs is null ? length / Looks : 1,
            },
            Cancellation = CancellationToken.None,
        };
    }

    private static Tensor Batch(IZslModel model, int count)
    {
        using var batch = FeatureBatches.Gather(Problem.Features, model.FeatureKind, Problem.Train.Images.AsSpan(0, count),
            Problem.Train.Labels.AsSpan(0, count));
        return batch.Features.clone();
    }

    private static float[] Numbers(IZslModel model) => [.. model.State.Values.SelectMany(t => t.data<float>().ToArray())];

    private static float[] Scores(IZslModel model) =>
        Scoring.Score(model, Problem, Problem.Evaluation, cancellation: CancellationToken.None).Scores;
}
