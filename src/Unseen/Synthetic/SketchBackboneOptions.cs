namespace Unseen.Synthetic;

/// <summary>How the small backbone of SketchBirds is built and learned.</summary>
public sealed record SketchBackboneOptions
{
    /// <summary>Passes over the training pictures. The default value is 14.</summary>
    public int Epochs { get; init; } = 14;

    /// <summary>Pictures per step. The default value is 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Highest learning rate of AdamW: reached after a tenth of the steps, then a half cosine down to 0. The default value is
    /// 0.004.</summary>
    public double LearningRate { get; init; } = 0.004;

    /// <summary>Decoupled weight decay. The default value is 0.02.</summary>
    public double WeightDecay { get; init; } = 0.02;

    /// <summary>Width and height of the input in pixels; the grid has one region per 16 x 16 pixels. The default value is 112, a grid of
    /// 7 x 7.</summary>
    public int ImageSize { get; init; } = 112;

    /// <summary>Channels after the first, second and third halving of the picture. Multiples of 16, as other numbers of channels are computed wrongly by
    /// oneDNN 3.7 on some processors (ADR 24). The default value is 32, 48, 96.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [32, 48, 96];

    /// <summary>Length of a region feature, a multiple of 16. The default value is 128.</summary>
    public int Visual { get; init; } = 128;

    /// <summary>Source of all randomness. The default value is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A network that a test can learn in a second.</summary>
    public static SketchBackboneOptions Tiny { get; } = new()
    {
        Epochs = 6,
        BatchSize = 8,
        ImageSize = 48,
        Widths = [16, 16, 16],
        Visual = 16,
    };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ConfigurationException">Carries every problem.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        Require(errors, Epochs >= 1, nameof(Epochs), "at least 1", Epochs);
        Require(errors, BatchSize >= 2, nameof(BatchSize), "at least 2 (batch normalisation)", BatchSize);
        Require(errors, LearningRate is > 0 and <= 1, nameof(LearningRate), "above 0 and at most 1", LearningRate);
        Require(errors, WeightDecay is >= 0 and <= 1, nameof(WeightDecay), "0..1", WeightDecay);
        Require(errors, ImageSize is >= 32 and <= 1024 && ImageSize % 16 == 0, nameof(ImageSize), "a multiple of 16, 32..1024", ImageSize);
        var widthsAreRight = Widths.Count == 3 && Widths.All(w => w is >= 16 and <= 4096 && w % 16 == 0);
        Require(errors, widthsAreRight, nameof(Widths), "three multiples of 16, 16..4096", string.Join(", ", Widths));
        Require(errors, Visual is >= 16 and <= 4096 && Visual % 16 == 0, nameof(Visual), "a multiple of 16, 16..4096", Visual);
        if (errors.Count > 0)
            throw new ConfigurationException(errors);
    }

    private static void Require(List<string> errors, bool isRight, string name, string rule, object found)
    {
        if (!isRight)
            errors.Add(FormattableString.Invariant($"SketchBackbone: {name} must be {rule}, found {found}."));
    }
}
