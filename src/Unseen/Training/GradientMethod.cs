using Unseen.Data;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>A method that is trained by gradient steps: the best epoch on validation decides how long to train.</summary>
/// <param name="create">
/// Creates a model from its stored tensors, or an untrained one when these are null; random numbers come from torch's global generator.
/// </param>
public sealed class GradientMethod(Func<ZslProblem, Precision, IReadOnlyDictionary<string, Tensor>?, ITrainableModel> create) : IZslMethod
{
    /// <inheritdoc/>
    public bool SelectsOnAllFolds => false;

    /// <inheritdoc/>
    public IZslModel Load(ZslProblem problem, IReadOnlyDictionary<string, Tensor> state, Selection selection, Precision precision) =>
        create(problem, precision, state);

    /// <inheritdoc/>
    public Selection Choose(IReadOnlyList<ZslProblem> folds, FitContext context)
    {
        var histories = folds.Select((fold, i) => Train(fold, context.ForFold(i), EpochCriterion.BestGammaH)).ToList();
        return EpochSelection.OnValidation(histories);
    }

    /// <inheritdoc/>
    public FitResult Fit(ZslProblem problem, Selection? selection, FitContext context)
    {
        var final = context.For(selection);
        var model = Seeded(problem, context);
        try
        {
            var history = Trainer.Fit(model, problem, final, selection is null ? EpochCriterion.UncalibratedH : null);
            return new FitResult(model, history, selection ?? EpochSelection.OnEvaluation(history));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private IReadOnlyList<EpochRecord> Train(ZslProblem problem, FitContext context, EpochCriterion criterion)
    {
        using var model = Seeded(problem, context);
        return Trainer.Fit(model, problem, context, criterion);
    }

    private ITrainableModel Seeded(ZslProblem problem, FitContext context)
    {
        using var pause = CollectionPause.Begin();
        manual_seed(StepSeed.Of(context.Seed, StepSeed.Initialisation, 0));
        return create(problem, context.Precision, null);
    }
}
