namespace Unseen.Features;

/// <summary>A picture cannot be decoded: it is not an image, damaged, truncated, too large, or missing.</summary>
/// <param name="image">File or name of the picture.</param>
/// <param name="reason">What is wrong, as a sentence.</param>
public sealed class UnreadableImageException(string image, string reason) : UnseenException($"{image}: {reason}")
{
    /// <summary>File or name of the picture.</summary>
    public string Image { get; } = image;

    /// <summary>What is wrong, without the file name.</summary>
    public string Reason { get; } = reason;
}
