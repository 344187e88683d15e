namespace Unseen.Features;

/// <summary>How an ONNX file is used as a backbone. What is null is taken from the sidecar file, else from the model.</summary>
public sealed record BackboneOptions
{
    /// <summary>Output or intermediate result to read; null means the model's only output. The default value is null.</summary>
    public string? Layer { get; init; }

    /// <summary>
    /// For maps [visual, height, width] the smaller grid to average to; for token outputs the grid the tokens form. The default value
    /// is null: maps keep their grid, token outputs are refused.
    /// </summary>
    public FeatureGrid? Grid { get; init; }

    /// <summary>Leading tokens to drop from a token output (1 for a class token). The default value is null.</summary>
    public int? DropTokens { get; init; }

    /// <summary>How pictures are made into inputs. The default value is null.</summary>
    public PreprocessingOptions? Preprocessing { get; init; }

    /// <summary>Data the backbone was pre-trained on, for example "ImageNet-1k"; every report states it. The default value is null: not stated.</summary>
    public string? PreTraining { get; init; }

    /// <summary>Threads per call of <see cref="IBackbone.Run"/>; 0 means one per processor. The default value is 0.</summary>
    public int Threads { get; init; }

    /// <summary>The options that make a described backbone again.</summary>
    public static BackboneOptions From(BackboneDescription description) => new()
    {
        Layer = description.Layer,
        Grid = description.Grid,
        DropTokens = description.DropTokens,
        Preprocessing = description.Preprocessing,
        PreTraining = description.PreTraining,
    };
}
