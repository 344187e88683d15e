using Unseen.Data;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>
/// A cheap gradient method on global features with a small grid of settings: each is trained on validation, and the best one, with its best
/// epoch, is trained on all training images.
/// </summary>
/// <param name="grid">Settings by name, at least one.</param>
/// <param name="create">Creates a model with some settings, from its stored tensors or untrained.</param>
public sealed class TunedGradientMethod(
    IReadOnlyList<IReadOnlyDictionary<string, string>> grid,
    Func<IReadOnlyDictionary<string, string>, ZslProblem, IReadOnlyDictionary<string, Tensor>?, ITrainableModel> create) : IZslMethod
{
    /// <inheritdoc/>
    public bool SelectsOnAllFolds => false;

    /// <inheritdoc/>
    public Selection Choose(IReadOnlyList<ZslProblem> folds, FitContext context)
    {
        IReadOnlyList<ZslProblem> pooled = [.. folds.Select(Pooled)];
        return grid.Select((settings, i) => Of(settings).Choose(pooled, ForPoint(context, i)) with { Settings = settings })
            .MaxBy(selection => selection.Validation!.H)!;
    }

    /// <inheritdoc/>
    public FitResult Fit(ZslProblem problem, Selection? selection, FitContext context)
    {
        if (selection is null) return FitBest(Pooled(problem), context);
        var settings = selection.Settings.Count > 0 ? selection.Settings : grid[0];
        return Of(settings).Fit(Pooled(problem), selection with { Settings = settings }, context);
    }

    /// <inheritdoc/>
    public IZslModel Load(ZslProblem problem, IReadOnlyDictionary<string, Tensor> state, Selection selection, Precision precision) =>
        create(selection.Settings, problem, state);

    /// <summary>The published protocol: whatever is best on the problem's own evaluation images.</summary>
    private FitResult FitBest(ZslProblem problem, FitContext context)
    {
        FitResult? best = null;
        try
        {
            foreach (var (index, settings) in grid.Index())
            {
                var fit = Of(settings).Fit(problem, null, ForPoint(context, index));
                var (worse, better) = best is null || Figure(fit) > Figure(best) ? (best, fit) : (fit, best);
                worse?.Model.Dispose();
                best = ReferenceEquals(better, fit) ? fit with { Chosen = fit.Chosen with { Settings = settings } } : better;
            }
            return best!;
        }
        catch
        {
            best?.Model.Dispose();
            throw;
        }
    }

    private static double Figure(FitResult fit) =>
        BestEpoch.Of(fit.History, EpochCriterion.UncalibratedH) is { Validation: { } score } ? score.UncalibratedH : 0;

    private GradientMethod Of(IReadOnlyDictionary<string, string> settings) =>
        new((problem, _, state) => create(settings, problem, state));

    private static ZslProblem Pooled(ZslProblem problem) => problem with { Features = new PooledFeatures(problem.Features) };

    private FitContext ForPoint(FitContext context, int point) => context with
    {
        CheckpointPath = context.CheckpointPath is { } path ? Path.ChangeExtension(path, $"{point}.safetensors") : null,
        Phase = $"{context.Phase}, {string.Join(' ', grid[point].Values)},",
    };
}
