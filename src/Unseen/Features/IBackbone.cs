namespace Unseen.Features;

/// <summary>What a backbone is and gives; enough to make the same backbone again.</summary>
public sealed record BackboneDescription
{
    /// <summary>Name for people, for example "mobilenetv2".</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the model file.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Name of the output that is read.</summary>
    public required string Layer { get; init; }

    /// <summary>Leading tokens that were dropped, 0 unless the output is a token sequence.</summary>
    public int DropTokens { get; init; }

    /// <summary>How pictures are made into inputs.</summary>
    public required PreprocessingOptions Preprocessing { get; init; }

    /// <summary>Data the network was pre-trained on, or null when nothing says it.</summary>
    public string? PreTraining { get; init; }

    /// <summary>How the regions lie, or null when the output is one global feature per picture.</summary>
    public required FeatureGrid? Grid { get; init; }

    /// <summary>Length of a feature.</summary>
    public required int Visual { get; init; }

    /// <summary>True when there is one feature per picture instead of one per region.</summary>
    public bool IsGlobal => Grid is null;

    /// <summary>Features per picture: the regions of the grid, or 1.</summary>
    public int Regions => Grid?.Regions ?? 1;

    /// <summary>Floats of one picture's output: regions * visual.</summary>
    public int OutputLength => Regions * Visual;
}

/// <summary>A frozen network that turns pictures into features.</summary>
public interface IBackbone : IDisposable
{
    /// <summary>What the backbone is and gives.</summary>
    BackboneDescription Description { get; }

    /// <summary>Computes features. Safe to call from several threads at once.</summary>
    /// <param name="batch">Inputs [images, 3, height, width], as <see cref="ImagePreprocessor"/> makes them.</param>
    /// <param name="images">Number of pictures, at least 1.</param>
    /// <param name="output">Receives raw features [images, regions, visual].</param>
    /// <exception cref="ShapeException">A span is too short.</exception>
    void Run(ReadOnlySpan<float> batch, int images, Span<float> output);
}
