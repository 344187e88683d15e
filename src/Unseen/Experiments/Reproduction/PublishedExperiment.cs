using System.ComponentModel.DataAnnotations;
using Unseen.Evaluation;
using Unseen.Experiments.Configuration;

namespace Unseen.Experiments.Reproduction;

/// <summary>How the published seen and unseen accuracies were calibrated.</summary>
public enum PublishedCalibration
{
    /// <summary>By the method's own margin or a chosen gamma: compared with our figures at the reported gamma.</summary>
    Chosen,

    /// <summary>Not at all: compared with our figures at gamma 0.</summary>
    None,
}

/// <summary>A row of a paper's table with what it takes to run it: the content of one file of experiments.</summary>
public sealed record PublishedExperiment
{
    /// <summary>Name, that of its file without ending, for example "cvsc-cub".</summary>
    public string Name { get; internal init; } = "";

    /// <summary>Name for people, for example "CVsC on CUB".</summary>
    [Required] public string Title { get; init; } = "";

    /// <summary>Method of the catalog; one that this version does not have is no error.</summary>
    [Required] public string Method { get; init; } = "";

    /// <summary>Preset of the method; null for its first.</summary>
    public string? Preset { get; init; }

    /// <summary>Identifier of the published dataset, see <see cref="Unseen.Data.PublishedDataset"/>.</summary>
    [Required] public string Dataset { get; init; } = "";

    /// <summary>Name of the dataset's semantics that the publication used; null for the attributes.</summary>
    public string? Semantics { get; init; }

    /// <summary>Features of the publication, in words.</summary>
    [Required] public string Features { get; init; } = "";

    /// <summary>Protocol of the publication.</summary>
    public EvaluationProtocol Protocol { get; init; } = EvaluationProtocol.Published;

    /// <summary>Calibration of the published accuracies.</summary>
    public PublishedCalibration Calibration { get; init; }

    /// <summary>Paper, table and row of the figures.</summary>
    [Required] public string Source { get; init; } = "";

    /// <summary>The published figures.</summary>
    public PublishedFigures Published { get; init; } = new();

    /// <summary>What a reader of the comparison should know, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Rows of the paper's ablation tables.</summary>
    public IReadOnlyList<AblationRow> Ablation { get; init; } = [];

    /// <summary>Curves of the paper's figures.</summary>
    public IReadOnlyList<PublishedCurve> Curves { get; init; } = [];

    /// <summary>Options and training settings over the preset, not yet bound: the method may not exist.</summary>
    internal RowSettings Settings { get; init; } = new(null, null);

    /// <summary>File that the experiment was read from, for messages.</summary>
    internal string File { get; init; } = "";
}

/// <summary>Published figures in percent; null where the publication has none.</summary>
public sealed record PublishedFigures : IValidatedOptions
{
    /// <summary>Accuracy among unseen classes only.</summary>
    [Range(0, 100)] public double? T1 { get; init; }

    /// <summary>Accuracy of unseen classes among all.</summary>
    [Range(0, 100)] public double? U { get; init; }

    /// <summary>Accuracy of seen classes among all.</summary>
    [Range(0, 100)] public double? S { get; init; }

    /// <summary>Harmonic mean of U and S.</summary>
    [Range(0, 100)] public double? H { get; init; }

    /// <summary>What is published instead of absolute figures, in words, for example a difference from another method; else null.</summary>
    public string? Relative { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        const double rounding = 0.7; // Three rounded figures, and tables that print means of H rather than H of means.
        if (T1 is null && U is null && S is null && H is null && string.IsNullOrWhiteSpace(Relative)) yield return "name at least one of t1, u, s and h.";
        if (U is { } u && S is { } s && H is { } h && Math.Abs(u + s <= 0 ? h : 2 * u * s / (u + s) - h) > rounding)
            yield return $"h must be the harmonic mean of u and s, {2 * u * s / (u + s):0.0}, found {h}.";
    }
}

/// <summary>A row of an ablation table: named changes of the experiment's options.</summary>
public sealed record AblationRow
{
    /// <summary>Name as in the table.</summary>
    [Required] public string Name { get; init; } = "";

    /// <summary>Paper, table and row; null for the source of the experiment.</summary>
    public string? Source { get; init; }

    /// <summary>Another preset than the experiment's; null for the same.</summary>
    public string? Preset { get; init; }

    /// <summary>The published figures.</summary>
    public PublishedFigures Published { get; init; } = new();

    /// <summary>False for a row that only stands for comparison: it names neither preset nor options nor training.</summary>
    public bool IsRunnable => Preset is not null || Settings.Options is not null || Settings.Training is not null;

    internal RowSettings Settings { get; init; } = new(null, null);
}

/// <summary>Keys of options and training settings as written; null when not written.</summary>
internal sealed record RowSettings(ConfigMapping? Options, ConfigMapping? Training)
{
    /// <summary>These settings with others over them.</summary>
    public RowSettings With(RowSettings over) => new(Merge(Options, over.Options), Merge(Training, over.Training));

    private static ConfigMapping? Merge(ConfigMapping? below, ConfigMapping? over)
    {
        if (below is null || over is null) return over ?? below;
        var merged = new ConfigMapping(over.Location);
        foreach (var entry in below.Entries.Concat(over.Entries)) merged.Put(entry);
        return merged;
    }
}
