using System.ComponentModel.DataAnnotations;

namespace Unseen.Tests.Experiments.Configuration;

internal enum SampleMode
{
    Clean,
    TestSelected,
    BF16,
}

/// <summary>Every kind of property that options may have.</summary>
internal sealed record SampleOptions : IValidatedOptions
{
    [Required]
    public string? Dataset { get; init; } = "birds";

    public SampleMode Mode { get; init; } = SampleMode.TestSelected;

    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 20;

    [Range(0.0, 0.1, MinimumIsExclusive = true)]
    public float Dropout { get; init; } = 0.1f;

    public double LearningRate { get; init; } = 1e-4;

    public long Budget { get; init; } = 1L << 40;

    public bool Shuffle { get; init; } = true;

    public double? Gamma { get; init; }

    public string? Note { get; init; }

    [Range(1, 9)]
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2];

    public string[] Features { get; init; } = [];

    [AllowedValues("relu", "tanh")]
    public string Activation { get; init; } = "relu";

    public SampleInner Training { get; init; } = new();

    public SampleInner? Second { get; init; }

    public IReadOnlyList<SampleInner> Stages { get; init; } = [];

    public SampleMethod Options { get; init; } = new SampleMethodA();

    /// <summary>Not a key: it has no setter.</summary>
    public int Computed => Epochs * 2;

    public IEnumerable<string> Validate()
    {
        if (Seeds.Distinct().Count() != Seeds.Count) yield return "seeds must differ from each other.";
    }
}

internal sealed record SampleInner : IValidatedOptions
{
    /// <summary>Images per <see cref="Unseen.ProgressUpdate"/> step.</summary>
    [Range(1, 4096)]
    public int Batch { get; init; } = 50;

    public int Patience { get; init; } = 3;

    public IEnumerable<string> Validate()
    {
        if (Patience > Batch) yield return $"patience must not exceed batch ({Batch}), found {Patience}.";
    }
}

internal abstract record SampleMethod
{
    public float Scale { get; init; } = 20f;
}

internal sealed record SampleMethodA : SampleMethod
{
    [Range(0.0, double.PositiveInfinity)]
    public float Weight { get; init; } = 1f;
}
