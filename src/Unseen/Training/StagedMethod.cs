using Unseen.Data;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>
/// A method that is trained in stages, each by the same <see cref="Trainer"/> with a checkpoint of its own: preparation, main stage,
/// classifier. The best epoch of the main stage on validation decides how long to train it. A look at validation trains a classifier from
/// scratch, with random numbers that depend on the seed alone, so that it is a function of the weights and leaves nothing to be stored.
/// </summary>
/// <param name="create">Creates an untrained method; random numbers come from torch's global generator.</param>
/// <param name="load">Rebuilds a finished model from its stored tensors.</param>
public sealed class StagedMethod(
    Func<ZslProblem, Precision, CancellationToken, IStagedModel> create,
    Func<ZslProblem, Precision, IReadOnlyDictionary<string, Tensor>, IZslModel> load) : IZslMethod
{
    /// <inheritdoc/>
    public bool SelectsOnAllFolds => false;

    /// <inheritdoc/>
    public IZslModel Load(ZslProblem problem, IReadOnlyDictionary<string, Tensor> state, Selection selection, Precision precision) =>
        load(problem, precision, state);

    /// <inheritdoc/>
    public Selection Choose(IReadOnlyList<ZslProblem> folds, FitContext context)
    {
        var histories = new List<IReadOnlyList<EpochRecord>>();
        foreach (var (index, fold) in folds.Index())
        {
            using var model = Create(fold, context);
            histories.Add(Train(model, fold, context.ForFold(index), EpochCriterion.BestGammaH));
        }
        return EpochSelection.OnValidation(histories);
    }

    /// <inheritdoc/>
    public FitResult Fit(ZslProblem problem, Selection? selection, FitContext context)
    {
        using var model = Create(problem, context);
        var history = Train(model, problem, context.For(selection), selection is null ? EpochCriterion.UncalibratedH : null);
        return new FitResult(Finish(model, context), history, selection ?? EpochSelection.OnEvaluation(history));
    }

    /// <summary>An untrained method with the weights of a seed.</summary>
    internal IStagedModel Create(ZslProblem problem, FitContext context)
    {
        using var pause = CollectionPause.Begin();
        manual_seed(StepSeed.Of(context.Seed, StepSeed.Initialisation, 0));
        return create(problem, context.Precision, context.Cancellation);
    }

    private static IReadOnlyList<EpochRecord> Train(IStagedModel model, ZslProblem problem, FitContext context, EpochCriterion? criterion)
    {
        foreach (var stage in model.Preparation(context.Cancellation)) Train(stage, context);
        return Trainer.Fit(model.Main, problem, context, criterion, () => Evaluate(model, problem, context));
    }

    /// <summary>Trains the classifier of the present weights and scores the evaluation images.</summary>
    private static EpochScore Evaluate(IStagedModel model, ZslProblem problem, FitContext context)
    {
        using var finished = Finish(model, context with { CheckpointPath = null, Tracker = NoTracker.Instance });
        return EpochScore.Of(Scoring.Score(finished, problem, problem.Evaluation, cancellation: context.Cancellation));
    }

    private static IZslModel Finish(IStagedModel model, FitContext context)
    {
        manual_seed(StepSeed.Of(context.Seed, StepSeed.Synthesis, 0));
        using var classifier = model.Classifier(context.Cancellation);
        Train(classifier, context);
        return model.Finish(classifier);
    }

    private static void Train(TrainingStage stage, FitContext context) => Trainer.Fit(stage.Trainable, stage.Problem, context with
    {
        Phase = $"{context.Phase} {stage.Name}",
        CheckpointPath = EpochSelection.Suffixed(context.CheckpointPath, stage.Name),
        Recipe = Recipe(stage.Options),
        ScheduleEpochs = null,
    }, null, () => throw new InvalidOperationException("Stages beside the main one are not evaluated."));

    private static TrainingRecipe Recipe(SoftmaxOptions options) => new()
    {
        Epochs = options.Epochs,
        BatchSize = options.BatchSize,
        LearningRate = options.LearningRate,
        Beta1 = 0.5,
        Sampler = SamplerKind.Shuffled,
    };
}
