namespace Unseen.Training;

/// <summary>Chooses how long to train from the histories of searches.</summary>
internal static class EpochSelection
{
    /// <summary>The epoch with the best H, averaged over the validation folds, among those that every fold has looked at.</summary>
    public static Selection OnValidation(IReadOnlyList<IReadOnlyList<EpochRecord>> histories)
    {
        var common = Enumerable.Range(0, histories.Min(h => h.Count)).Where(e => histories.All(h => h[e].Validation is not null));
        var best = common.Select(e => (Epoch: e + 1, Score: EpochScore.Mean([.. histories.Select(h => h[e].Validation!)]))).MaxBy(s => s.Score.H);
        return new Selection(best.Epoch, new Dictionary<string, string>(), best.Score.Gamma, best.Score.GammaQuantile, best.Score, histories[0]);
    }

    /// <summary>
    /// The best epoch on the evaluation images themselves, with the authors' calibration. Nothing was searched before: the history is that of the fit.
    /// </summary>
    public static Selection OnEvaluation(IReadOnlyList<EpochRecord> history) =>
        new(BestEpoch.Of(history, EpochCriterion.UncalibratedH)?.Epoch, new Dictionary<string, string>(), 0, 0.5, null, []);

    /// <summary>The context of a validation fold: a checkpoint and a phase of its own.</summary>
    public static FitContext ForFold(this FitContext context, int fold) => context with
    {
        CheckpointPath = Suffixed(context.CheckpointPath, $"{fold}"),
        Phase = $"{context.Phase} {fold + 1}",
    };

    /// <summary>The context of the final fit: the chosen epochs under the schedule of the search.</summary>
    public static FitContext For(this FitContext context, Selection? selection) => context with
    {
        Recipe = context.Recipe with { Epochs = selection?.Epochs ?? context.Recipe.Epochs },
        ScheduleEpochs = context.Recipe.Epochs,
    };

    /// <summary>The checkpoint path with a word before its extension.</summary>
    public static string? Suffixed(string? path, string word) => path is null ? null : Path.ChangeExtension(path, $"{word}.safetensors");
}
