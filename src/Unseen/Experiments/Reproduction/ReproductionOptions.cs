using Unseen.Evaluation;

namespace Unseen.Experiments.Reproduction;

/// <summary>How a published experiment is run.</summary>
public sealed record ReproductionOptions
{
    /// <summary>Dataset folder.</summary>
    public required string Dataset { get; init; }

    /// <summary>Feature stores; several are joined by file name. None for a method that trains its vision encoder along.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Folder to write: reproduction.json, reproduction.txt and one run folder per row.</summary>
    public required string Output { get; init; }

    /// <summary>Seeds, one run each per row. The default is 1, 2, 3.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Also runs every row of the ablation tables that names options.</summary>
    public bool Ablation { get; init; }

    /// <summary>Also runs the curves of the paper's figures, one run per value of the option.</summary>
    public bool Curves { get; init; }

    /// <summary>Protocol; null for that of the publication.</summary>
    public EvaluationProtocol? Protocol { get; init; }

    /// <summary>Preset of the method; null for that of the experiment.</summary>
    public string? Preset { get; init; }

    /// <summary>Class semantics ("attributes" or a name); null for those of the publication.</summary>
    public string? Semantics { get; init; }

    /// <summary>Keys of the configuration to set in every row, for example "training.epochs=5".</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Goes on with rows that an earlier process began; finished ones are read.</summary>
    public bool Resume { get; init; }

    /// <summary>Replaces the rows that the folder holds.</summary>
    public bool Force { get; init; }

    /// <summary>Receives progress.</summary>
    public IProgress<ProgressUpdate>? Progress { get; init; }

    /// <summary>Cancels; the reproduction can be resumed.</summary>
    public CancellationToken Cancellation { get; init; }
}
