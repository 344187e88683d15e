using System.Diagnostics;
using Unseen.Data;
using Unseen.Losses;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>
/// The one training loop: batch, losses, step; after each epoch a look at the evaluation images if asked. A checkpoint is written then, and
/// every half minute. Knows no paper.
/// </summary>
public sealed class Trainer
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(30);

    private readonly ITrainableModel model;
    private readonly ZslProblem problem;
    private readonly FitContext context;
    private readonly EpochCriterion? criterion;
    private readonly BatchSampler sampler;
    private readonly TorchSharp.Modules.OptimizerHelper optimiser;
    private readonly List<EpochRecord> history = [];
    private readonly Dictionary<string, Tensor> best = [];
    private readonly Dictionary<string, double> termSums = [];
    private readonly Stopwatch clock = new();
    private readonly Stopwatch sinceSave = Stopwatch.StartNew();
    private double carriedSeconds;
    private long step;

    private Trainer(ITrainableModel model, ZslProblem problem, FitContext context, EpochCriterion? criterion)
    {
        (this.model, this.problem, this.context, this.criterion) = (model, problem, context, criterion);
        sampler = new BatchSampler(context.Recipe, problem.Train.Labels, context.Seed);
        optimiser = Optimisers.Create(context.Recipe, model.TrainedParameters.Select(p => p.Parameter));
    }

    /// <summary>Trains a model for the epochs of the recipe, or until patience runs out.</summary>
    /// <param name="model">Model to train; with a criterion it ends with the weights of its best epoch, else with the last ones.</param>
    /// <param name="problem">Training images, and evaluation images for the criterion.</param>
    /// <param name="context">Seed, recipe, checkpoint, progress, cancellation.</param>
    /// <param name="criterion">Evaluates after every epoch and keeps the best by this figure; null never evaluates.</param>
    /// <returns>Figures of every epoch.</returns>
    /// <exception cref="TrainingDivergedException">A loss term is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the checkpoint holds the state.</exception>
    public static IReadOnlyList<EpochRecord> Fit(ITrainableModel model, ZslProblem problem, FitContext context, EpochCriterion? criterion)
    {
        var trainer = new Trainer(model, problem, context, criterion);
        try { return trainer.Run(); }
        finally { trainer.Release(); }
    }

    private long TotalSteps => (long)context.Recipe.Epochs * sampler.StepsPerEpoch;

    private long ScheduleSteps => (long)(context.ScheduleEpochs ?? context.Recipe.Epochs) * sampler.StepsPerEpoch;

    private IEnumerable<KeyValuePair<string, Tensor>> Weights => model.TrainedParameters.Select(p => KeyValuePair.Create(p.Name, (Tensor)p.Parameter));

    private string Identity =>
        $"{context.Phase} seed {context.Seed} {context.Precision} {criterion} {context.Recipe} {ScheduleSteps} {problem.Train.Count} images";

    private List<EpochRecord> Run()
    {
        if (context.CheckpointPath is { } path && File.Exists(path)) Restore(path);
        clock.Restart();
        if (EpochIsOpen) EndEpoch();
        if (!Finished)
            foreach (var (_, batch) in FeatureBatches.Prefetch(problem, model.FeatureKind, sampler, step, TotalSteps))
            {
                Step(batch);
                if (step % sampler.StepsPerEpoch == 0) EndEpoch();
                else if (sinceSave.Elapsed > SaveInterval) Save();
                if (Finished) break;
                if (context.Cancellation.IsCancellationRequested) Cancel();
            }
        KeepBest();
        return history;
    }

    /// <summary>True after a cancelled evaluation: all steps of the epoch are done, its figures are missing.</summary>
    private bool EpochIsOpen => step > 0 && step % sampler.StepsPerEpoch == 0 && history.Count < step / sampler.StepsPerEpoch;

    private bool Finished => step >= TotalSteps || OutOfPatience;

    private bool OutOfPatience => criterion is { } figure && context.Recipe.Patience > 0 && BestEpoch.Of(history, figure) is { } bestEpoch &&
        history.Count - bestEpoch.Epoch >= context.Recipe.Patience;

    private void Step(FeatureBatch batch)
    {
        using var scope = NewDisposeScope();
        manual_seed(StepSeed.Of(context.Seed, StepSeed.Loss, step));
        foreach (var group in optimiser.ParamGroups)
            group.LearningRate = Optimisers.LearningRate(context.Recipe, step, ScheduleSteps, sampler.StepsPerEpoch);
        step++;
        optimiser.zero_grad();
        var terms = model.Losses(batch.Features, batch.Labels);
        RequireFinite(terms);
        terms.Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        optimiser.step();
    }

    /// <summary>Adds the terms to the epoch's sums; a NaN stops here, before it can reach the weights.</summary>
    private void RequireFinite(IReadOnlyList<LossTerm> terms)
    {
        var total = 0.0;
        foreach (var term in terms)
        {
            var value = term.Value.item<float>();
            if (!float.IsFinite(value)) throw new TrainingDivergedException(step, term.Name);
            termSums[term.Name] = termSums.GetValueOrDefault(term.Name) + value;
            total += term.Weight * value;
        }
        termSums[""] = termSums.GetValueOrDefault("") + total;
        context.Progress?.Report(new ProgressUpdate(context.Phase, step, TotalSteps, "steps", $"loss {total:F3}{LastValidation}"));
    }

    private string LastValidation => history.Count > 0 && history[^1].Validation is { } v ? $", U {v.U:P1} S {v.S:P1} H {v.H:P1}" : "";

    private void EndEpoch()
    {
        var seconds = carriedSeconds + clock.Elapsed.TotalSeconds;
        var steps = sampler.StepsPerEpoch;
        var terms = termSums.Where(t => t.Key.Length > 0).ToDictionary(t => t.Key, t => t.Value / steps);
        var score = criterion is null ? null : Evaluate();
        history.Add(new EpochRecord(history.Count + 1, step, seconds, termSums[""] / steps, terms, score));
        context.Tracker.Log(context.Phase, history[^1]);
        RememberBest();
        termSums.Clear();
        carriedSeconds = 0;
        clock.Restart();
        Save();
    }

    private EpochScore Evaluate()
    {
        try
        {
            return EpochScore.Of(Scoring.Score(model, problem, problem.Evaluation, cancellation: context.Cancellation));
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
        foreach (var (name, weight) in Weights)
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
            TermSums = termSums,
            Seconds = carriedSeconds + clock.Elapsed.TotalSeconds,
        };
        checkpoint.Write(path, Weights, best.Count > 0 ? best : null, Optimisers.Save(optimiser));
    }

    private void Restore(string path)
    {
        var stored = Checkpoint.Read(path, Identity, Weights, best, state => Optimisers.Load(optimiser, state));
        step = stored.Step;
        history.AddRange(stored.History);
        carriedSeconds = stored.Seconds;
        foreach (var (name, sum) in stored.TermSums) termSums[name] = sum;
    }

    private void Cancel()
    {
        Save();
        context.Cancellation.ThrowIfCancellationRequested();
    }

    private void Release()
    {
        foreach (var tensor in best.Values) tensor.Dispose();
        optimiser.Dispose();
    }
}
