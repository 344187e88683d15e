namespace Unseen.Data.Import;

/// <summary>Takes the features that an importer finds, for example to fill a feature store.</summary>
public interface IFeatureSink
{
    /// <summary>Called once, before the first image.</summary>
    /// <param name="files">File names of all images, in the order of images.csv.</param>
    /// <param name="regions">Regions per image, or 0 when there is one global vector per image.</param>
    /// <param name="visual">Width of a feature vector.</param>
    void Begin(IReadOnlyList<string> files, int regions, int visual);

    /// <summary>Called for every image once, in any order.</summary>
    /// <param name="image">Index into the files.</param>
    /// <param name="features">Raw values [regions, visual], or [visual] for a global vector; valid during the call only.</param>
    void Write(int image, ReadOnlySpan<float> features);
}
