namespace Unseen.Training;

/// <summary>Everything a fit needs that is not data or options: seed, precision, where to keep checkpoints, whom to tell.</summary>
public sealed record FitContext
{
    /// <summary>Seed of every random choice.</summary>
    public required int Seed { get; init; }

    /// <summary>Training settings, complete.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Epochs of the learning rate schedule; null for those of the recipe. A final fit keeps the schedule of its search.</summary>
    public int? ScheduleEpochs { get; init; }

    /// <summary>Number format of the large products.</summary>
    public Precision Precision { get; init; }

    /// <summary>Checkpoint file of this fit, or null to keep none. An existing one is continued.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Name of the phase in progress and logs, for example "validation" or "training".</summary>
    public string Phase { get; init; } = "training";

    /// <summary>Receives figures of every epoch.</summary>
    public IRunTracker Tracker { get; init; } = NoTracker.Instance;

    /// <summary>Receives progress.</summary>
    public IProgress<ProgressUpdate>? Progress { get; init; }

    /// <summary>Cancels between steps, after writing a checkpoint.</summary>
    public CancellationToken Cancellation { get; init; }
}
