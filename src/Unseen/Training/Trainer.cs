using System.Diagnostics;
using System.Globalization;
using Unseen.Data;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>
/// The one training loop: batch, losses, step of the part whose turn it is; after an epoch a look at the evaluation images if asked. A
/// checkpoint is written then, and every half minute. Knows no paper.
/// </summary>
public sealed class Trainer
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(30);

    private readonly ITrainable model;
    private readonly ZslProblem problem;
    private readonly FitContext context;
    private readonly EpochCriterion? criterion;
    private readonly Func<EpochScore> evaluate;
    private readonly BatchSampler sampler;
    private IOptimiser[] optimisers; // one per part of the model
    private readonly List<EpochRecord> history = [];
    private readonly Dictionary<string, Tensor> best = [];
    private readonly WeightAverage? average; // null: the weights of the last step are judged and kept
    private readonly TermMeans terms = new();
    private readonly Stopwatch clock = new();
    private readonly Stopwatch sinceSave = Stopwatch.StartNew();
    private double carriedSeconds;
    private long step;

    private Trainer(ITrainable model, ZslProblem problem, FitContext context, EpochCriterion? criterion, Func<EpochScore> evaluate)
    {
        (this.model, this.problem, this.context, this.criterion, this.evaluate) = (model, problem, context, criterion, evaluate);
        sampler = new BatchSampler(context.Recipe, problem.Train.Labels, context.Seed);
        optimisers = CreateOptimisers();
        if (context.Recipe.WeightAverage > 0) average = new WeightAverage(context.Recipe.WeightAverage, [.. Weights]);
    }

    private IOptimiser[] CreateOptimisers() => [.. model.TrainedParameters.GroupBy(p => model.PartOf(p.Name)).OrderBy(part => part.Key)
        .Select(part => Optimisers.Create(context.Recipe, part.Select(p => p.Parameter)))];

    /// <summary>Trains a model for the epochs of the recipe, or until patience runs out.</summary>
    /// <param name="model">Model to train; with a criterion it ends with the weights of its best epoch, else with the last ones; with their averages when the recipe says so.</param>
    /// <param name="problem">Training images, and evaluation images for the criterion.</param>
    /// <param name="context">Seed, recipe, checkpoint, progress, cancellation.</param>
    /// <param name="criterion">Evaluates after every epoch and keeps the best by this figure; null never evaluates.</param>
    /// <returns>Figures of every epoch.</returns>
    /// <exception cref="TrainingDivergedException">A loss term is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the checkpoint holds the state.</exception>
    public static IReadOnlyList<EpochRecord> Fit(ITrainableModel model, ZslProblem problem, FitContext context, EpochCriterion? criterion) =>
        Fit(model, problem, context, criterion,
            () => EpochScore.Of(Scoring.Score(model, problem, problem.Evaluation, cancellation: context.Cancellation)));

    /// <summary>Trains what has no scores of its own; <paramref name="evaluate"/> finds them, from the weights alone.</summary>
    internal static IReadOnlyList<EpochRecord> Fit(
        ITrainable model, ZslProblem problem, FitContext context, EpochCriterion? criterion, Func<EpochScore> evaluate)
    {
        var trainer = new Trainer(model, problem, context, criterion, evaluate);
        try { return trainer.Run(); }
        finally { trainer.Release(); }
    }

    private int StepsPerEpoch => sampler.StepsPerEpoch * model.Turns.Count;

    private long TotalSteps => (long)context.Recipe.Epochs * StepsPerEpoch;

    private long ScheduleSteps => (long)(context.ScheduleEpochs ?? context.Recipe.Epochs) * StepsPerEpoch;

    private IEnumerable<KeyValuePair<string, Tensor>> Weights => model.TrainedParameters.Select(p => KeyValuePair.Create(p.Name, (Tensor)p.Parameter));

    private string Identity => string.Create(CultureInfo.InvariantCulture,
        $"{context.Phase} seed {context.Seed} {context.Precision} {criterion} {Describe(context.Recipe)} {ScheduleSteps} {problem.Train.Count} images");

    /// <summary>
    /// The settings as text, the same in every culture. Later settings that are not in use are left out, so that a new setting does not end the
    /// runs that were interrupted before it came.
    /// </summary>
    internal static string Describe(TrainingRecipe recipe)
    {
        var usual = new TrainingRecipe();
        var decays = recipe.Schedule == ScheduleKind.Step && (recipe.DecayFactor, recipe.DecayEpochs) != (usual.DecayFactor, usual.DecayEpochs);
        var settings = typeof(TrainingRecipe).GetProperties().Where(p => p.Name switch
        {
            nameof(recipe.DecayFactor) or nameof(recipe.DecayEpochs) => decays,
            nameof(recipe.Accumulation) => recipe.Accumulation != usual.Accumulation,
            nameof(recipe.ResetOptimiser) => recipe.ResetOptimiser,
            nameof(recipe.WeightAverage) => recipe.WeightAverage > 0,
            _ => true,
        });
        return $"TrainingRecipe {{ {string.Join(", ", settings.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name} = {p.GetValue(recipe)}")))} }}";
    }

    private List<EpochRecord> Run()
    {
        if (context.CheckpointPath is { } path && File.Exists(path)) Restore(path);
        clock.Restart();
        if (EpochIsOpen) EndEpoch();
        if (!Finished)
            foreach (var (_, batch) in FeatureBatches.Prefetch(problem, model.FeatureKind, sampler, step, TotalSteps))
            {
                Step(batch);
                if (step % StepsPerEpoch == 0) EndEpoch();
                else if (sinceSave.Elapsed > SaveInterval) Save();
                if (Finished) break;
                if (context.Cancellation.IsCancellationRequested) Cancel();
            }
        average?.Exchange();
        KeepBest();
        return history;
    }

    /// <summary>True after a cancelled evaluation: all steps of the epoch are done, its figures are missing.</summary>
    private bool EpochIsOpen => step > 0 && step % StepsPerEpoch == 0 && history.Count < step / StepsPerEpoch;

    private bool Finished => step >= TotalSteps || OutOfPatience;

    private bool OutOfPatience => criterion is { } figure && context.Recipe.Patience > 0 && BestEpoch.Of(history, figure) is { } bestEpoch &&
        history.Count - bestEpoch.Epoch >= context.Recipe.Patience;

    private void Step(FeatureBatch batch)
    {
        using var pause = CollectionPause.Begin();      // not for the whole run: garbage is collected between steps
        using var scope = NewDisposeScope();
        manual_seed(StepSeed.Of(context.Seed, StepSeed.Loss, step));
        if (context.Recipe.ResetOptimiser && step > 0 && step % StepsPerEpoch == 0) ResetOptimisers();
        var part = model.Turns[(int)(step % model.Turns.Count)];
        var optimiser = optimisers[part];
        optimiser.LearningRate = Optimisers.LearningRate(context.Recipe, step, ScheduleSteps, StepsPerEpoch);
        step++;
        optimiser.ZeroGradients();
        var stepTerms = new StepTerms(step);
        foreach (var (features, labels, share) in BatchParts.Of(batch, context.Recipe.Accumulation))
        {
            using var memory = NewDisposeScope();
            var losses = model.Losses(features, labels, part);
            stepTerms.Add(losses, share);
            var total = losses.Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b);
            (share < 1 ? total * share : total).backward();
        }
        Remember(stepTerms);
        optimiser.Step();
        average?.Add(step);
    }

    /// <summary>Without the moments of earlier epochs, as new.</summary>
    private void ResetOptimisers()
    {
        foreach (var optimiser in optimisers) optimiser.Dispose();
        optimisers = CreateOptimisers();
    }

    /// <summary>Adds the terms of a step to the epoch's sums.</summary>
    private void Remember(StepTerms stepTerms)
    {
        foreach (var (name, value) in stepTerms.Means) terms.Add(name, value);
        terms.Add(TermMeans.Total, stepTerms.Total);
        context.Progress?.Report(new ProgressUpdate(context.Phase, step, TotalSteps, "steps",
            string.Create(CultureInfo.InvariantCulture, $"loss {stepTerms.Total:F3}{LastValidation}")));
    }

    private string LastValidation => history.Count > 0 && history[^1].Validation is { } v
        ? string.Create(CultureInfo.InvariantCulture, $", U {v.U:P1} S {v.S:P1} H {v.H:P1}") : "";

    private void EndEpoch()
    {
        var seconds = carriedSeconds + clock.Elapsed.TotalSeconds;
        var score = criterion is null || !IsEvaluated(history.Count + 1) ? null : Evaluate();
        history.Add(new EpochRecord(history.Count + 1, step, seconds, terms.Mean(TermMeans.Total), terms.Means, score));
        context.Tracker.Log(context.Phase, history[^1]);
        RememberBest();
        terms.Clear();
        carriedSeconds = 0;
        clock.Restart();
        Save();
    }

    private bool IsEvaluated(int epoch) => epoch % context.Recipe.EvaluateEvery == 0 || epoch == context.Recipe.Epochs;

    private EpochScore Evaluate()
    {
        try
        {
            average?.Exchange();
            try { return evaluate(); }
            finally { average?.Exchange(); }
        }
        catch (OperationCanceledException)
        {
            Save();
            throw;
        }
    }

    private void RememberBest()
    {
        if (criterion is not { } figure || BestEpoch.Of(history, figure)?.Epoch != history.Count) return;
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in average?.Averages ?? Weights)
        {
            if (best.Remove(name, out var old)) old.Dispose();
            best[name] = weight.detach().clone().DetachFromDisposeScope();
        }
    }

    private void KeepBest()
    {
        using var constants = no_grad();
        foreach (var (name, weight) in Weights)
            if (best.TryGetValue(name, out var value)) weight.copy_(value);
    }

    private void Save()
    {
        sinceSave.Restart();
        if (context.CheckpointPath is not { } path) return;
        var checkpoint = new Checkpoint
        {
            Step = step,
            Identity = Identity,
            History = history,
            TermSums = terms.Sums,
            TermCounts = terms.Counts,
            Seconds = carriedSeconds + clock.Elapsed.TotalSeconds,
        };
        checkpoint.Write(path, Weights, best, average?.Averages ?? [], Optimisers.Save(optimisers));
    }

    private void Restore(string path)
    {
        var stored = Checkpoint.Read(path, Identity, Weights, best, average?.Averages ?? [], file => Optimisers.Load(optimisers, file));
        step = stored.Step;
        history.AddRange(stored.History);
        carriedSeconds = stored.Seconds;
        terms.Restore(stored.TermSums, stored.TermCounts);
    }

    private void Cancel()
    {
        Save();
        context.Cancellation.ThrowIfCancellationRequested();
    }

    private void Release()
    {
        average?.Release();
        foreach (var tensor in best.Values) tensor.Dispose();
        foreach (var optimiser in optimisers) optimiser.Dispose();
    }
}
