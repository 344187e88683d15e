using Unseen.Data;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>A method with a closed form: the setting with the best H, averaged over the validation folds, is solved on all training images.</summary>
public sealed class ClosedFormMethod(IClosedForm form) : IZslMethod
{
    /// <inheritdoc/>
    public bool SelectsOnAllFolds => true;

    /// <inheritdoc/>
    public Selection Choose(IReadOnlyList<ZslProblem> folds, FitContext context) => Search(folds, context, EpochCriterion.BestGammaH);

    /// <inheritdoc/>
    public FitResult Fit(ZslProblem problem, Selection? selection, FitContext context)
    {
        selection ??= Search([problem], context, EpochCriterion.UncalibratedH) with { Gamma = 0, GammaQuantile = 0.5, Validation = null };
        var settings = selection.Settings.Count > 0 ? selection.Settings : form.DefaultSettings;
        return new FitResult(form.Fit(problem, settings, context.Cancellation), [], selection with { Settings = settings });
    }

    /// <inheritdoc/>
    public IZslModel Load(ZslProblem problem, IReadOnlyDictionary<string, Tensor> state, Selection selection, Precision precision) =>
        form.Load(problem, selection.Settings, state);

    private Selection Search(IReadOnlyList<ZslProblem> folds, FitContext context, EpochCriterion criterion)
    {
        var scores = new Dictionary<string, (IReadOnlyDictionary<string, string> Settings, List<EpochScore> Scores)>();
        foreach (var (index, fold) in folds.Index())
        {
            var done = 0;
            form.Candidates(fold, candidate =>
            {
                var key = string.Join(' ', candidate.Settings.Values);
                if (!scores.TryGetValue(key, out var entry)) scores[key] = entry = (candidate.Settings, []);
                entry.Scores.Add(EpochScore.Of(candidate.Scores));
                context.Progress?.Report(new ProgressUpdate($"{context.Phase} {index + 1}", ++done, 0, "settings"));
            }, context.Cancellation);
        }
        var best = scores.Values.Select(e => (e.Settings, Score: EpochScore.Mean(e.Scores))).MaxBy(e => BestEpoch.Value(e.Score, criterion));
        return new Selection(null, best.Settings, best.Score.Gamma, best.Score.GammaQuantile, best.Score, []);
    }
}
