using Unseen.Evaluation;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>How one run is done.</summary>
public sealed record RunOptions
{
    /// <summary>Seed of a single run. The default is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Seeds of several runs, reported together; when empty, <see cref="Seed"/> alone.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [];

    /// <summary>The default is Clean.</summary>
    public EvaluationProtocol Protocol { get; init; }

    /// <summary>Training settings that differ from the method's recipe.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Number format of the large products. The default is F32.</summary>
    public Precision Precision { get; init; }

    /// <summary>True: gradient methods choose on every validation column; false (default): on the first. Closed forms always use all.</summary>
    public bool AllFolds { get; init; }

    /// <summary>Also writes TensorBoard event files to the run folder. The default is false.</summary>
    public bool TensorBoard { get; init; }

    /// <summary>Run folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>Continues an unfinished run in the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>Replaces what the folder holds.</summary>
    public bool Force { get; init; }

    /// <summary>Receives progress.</summary>
    public IProgress<ProgressUpdate>? Progress { get; init; }

    /// <summary>Cancels; the run can be resumed.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The seeds to run, at least one.</summary>
    public IReadOnlyList<int> AllSeeds => Seeds.Count > 0 ? Seeds : [Seed];
}
