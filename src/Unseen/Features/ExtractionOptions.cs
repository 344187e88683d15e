using Unseen.Data.Formats;

namespace Unseen.Features;

/// <summary>What to extract, from what, to where.</summary>
public sealed record ExtractionOptions
{
    /// <summary>Pictures, in any order; see <see cref="ImageSource.Of"/>.</summary>
    public required IReadOnlyList<ImageSource> Images { get; init; }

    /// <summary>File of the feature store.</summary>
    public required string Output { get; init; }

    /// <summary>Element type of the store: F16, BF16 or F32. The default value is F16.</summary>
    public SafetensorsType ElementType { get; init; } = SafetensorsType.F16;

    /// <summary>The part of the pictures to extract. The default value is the whole.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Continue what an earlier process began. The default value is false.</summary>
    public bool Resume { get; init; }

    /// <summary>Replace an existing store, or one that was left unfinished. The default value is false.</summary>
    public bool Force { get; init; }

    /// <summary>Leave pictures out that cannot be decoded, instead of stopping. The default value is false.</summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>Pictures in work at the same time; 0 means one per processor. The default value is 0.</summary>
    public int Workers { get; init; }

    /// <summary>Limit on height * width of a picture. The default value is <see cref="ImageDecoder.DefaultMaximumPixels"/>.</summary>
    public long MaximumPixels { get; init; } = ImageDecoder.DefaultMaximumPixels;
}

/// <summary>What an extraction did.</summary>
/// <param name="Store">Full path of the feature store.</param>
/// <param name="Images">Pictures in the store.</param>
/// <param name="Resumed">Pictures of them that an earlier process had finished.</param>
/// <param name="Unreadable">Pictures that were left out, with the reason.</param>
/// <param name="Elapsed">Time of this process.</param>
public sealed record ExtractionResult(string Store, int Images, int Resumed, IReadOnlyList<UnreadableImageException> Unreadable,
    TimeSpan Elapsed)
{
    /// <summary>Pictures per second of this process.</summary>
    public double ImagesPerSecond => Elapsed > TimeSpan.Zero ? (Images - Resumed) / Elapsed.TotalSeconds : 0;
}
