using System.ComponentModel.DataAnnotations;
using Unseen.Models;
using Unseen.Training;

namespace Unseen.Experiments.Configuration;

/// <summary>Which validation columns gradient methods choose their epoch on.</summary>
public enum FoldChoice
{
    /// <summary>The first column.</summary>
    First,

    /// <summary>Every column.</summary>
    All,
}

/// <summary>Everything that decides the numbers of a run: the contents of its config.yaml.</summary>
public sealed record ExperimentConfig : IValidatedOptions
{
    /// <summary>Dataset folder.</summary>
    public string? Dataset { get; init; }

    /// <summary>Feature stores; several are joined by file name.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Method; `unseen methods` lists them. The default is cvsc.</summary>
    [Required] public string Method { get; init; } = "cvsc";

    /// <summary>Preset of the method that the options begin from; null is its first.</summary>
    public string? Preset { get; init; }

    /// <summary>Options of the method.</summary>
    public MethodOptions? Options { get; init; }

    /// <summary>Training settings; null means the method's own recipe decides.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How settings and the model to report are chosen. The default is clean.</summary>
    public Protocol Protocol { get; init; }

    /// <summary>Seeds of the runs, reported together. The default is 1.</summary>
    [MinLength(1, ErrorMessage = "{0} must name at least one seed.")]
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    /// <summary>Class semantics (semantics/NAME.csv of the dataset); null takes the attributes.</summary>
    public string? Semantics { get; init; }

    /// <summary>Number format of the large matrix products. The default is f32.</summary>
    public Precision Precision { get; init; }

    /// <summary>Validation columns that gradient methods choose on; closed forms always use all. The default is first.</summary>
    public FoldChoice Folds { get; init; }

    /// <summary>Run folder.</summary>
    public string? Output { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Seeds.Distinct().Count() != Seeds.Count) yield return "seeds must differ from each other.";
        if (MethodCatalog.All.FirstOrDefault(m => m.Id == Method) is { Recipe: null } && Training != new TrainingOptions())
            yield return $"training must be left out: method '{Method}' solves a closed form and has no epochs, batches or learning rate.";
    }

    /// <summary>The same settings as options of a run.</summary>
    /// <param name="resume">Continue an unfinished run.</param>
    /// <param name="force">Replace what the folder holds.</param>
    /// <param name="progress">Receives progress.</param>
    /// <param name="cancellation">Cancels the run.</param>
    public RunOptions ToRunOptions(bool resume, bool force, IProgress<ProgressUpdate>? progress, CancellationToken cancellation) => new()
    {
        Seed = Seeds[0],
        Seeds = Seeds.Count > 1 ? Seeds : [],
        Protocol = Protocol,
        Training = Training,
        Precision = Precision,
        AllFolds = Folds == FoldChoice.All,
        Output = Output ?? throw new ConfigurationException(["output is required."]),
        Resume = resume,
        Force = force,
        Progress = progress,
        Cancellation = cancellation,
    };
}
