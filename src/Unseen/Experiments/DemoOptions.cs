namespace Unseen.Experiments;

/// <summary>What `unseen demo` does.</summary>
public sealed record DemoOptions
{
    /// <summary>Folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>Methods to run, in order. The default is CVsC and the closed forms.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["cvsc", "ridge", "eszsl", "sae"];

    /// <summary>Seed of pictures, backbone and training. The default is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Also draws a second dataset whose seen classes have attributes that occur together by accident, 0..1, and runs CVsC with and
    /// without its causal terms on it. The default is 0: no second dataset.
    /// </summary>
    public double SpuriousCoOccurrence { get; init; }

    /// <summary>Replaces what the folder holds.</summary>
    public bool Force { get; init; }
}
