using Unseen.Features;

namespace Unseen.Classification;

/// <summary>How a stored model is used.</summary>
public sealed record ClassifierOptions
{
    /// <summary>Classes that a picture may belong to. The default value is <see cref="CandidateClasses.All"/>.</summary>
    public CandidateClasses Candidates { get; init; }

    /// <summary>
    /// Number format of the large products of the model; backbones run in 32 bits. The default value is null: as in training.
    /// </summary>
    public Precision? Precision { get; init; }

    /// <summary>Pictures that are decoded and sent through the backbones at the same time; 0 means one per processor. The default value is 0.</summary>
    public int Workers { get; init; }

    /// <summary>
    /// Threads of a backbone per picture; 0 means one per processor. The default value is 1, which is best for many pictures.
    /// </summary>
    public int ThreadsPerImage { get; init; } = 1;

    /// <summary>
    /// ONNX files for backbones that are not in the model folder, in any order; they are recognised by their SHA-256. The default value is
    /// empty.
    /// </summary>
    public IReadOnlyList<string> Backbones { get; init; } = [];

    /// <summary>Limit on height * width of a picture, checked before decoding. The default value is 100 million.</summary>
    public long MaximumPixels { get; init; } = ImageDecoder.DefaultMaximumPixels;

    internal void Validate()
    {
        var errors = new List<string>();
        if (!Enum.IsDefined(Candidates)) errors.Add($"Candidates must be All, Unseen or Seen, found {Candidates}.");
        if (Workers < 0) errors.Add($"Workers must be at least 0, found {Workers}.");
        if (ThreadsPerImage < 0) errors.Add($"ThreadsPerImage must be at least 0, found {ThreadsPerImage}.");
        if (MaximumPixels < 1) errors.Add($"MaximumPixels must be at least 1, found {MaximumPixels}.");
        if (errors.Count > 0) throw new ConfigurationException(errors);
    }
}
