using System.Collections.Concurrent;
using Unseen.Features;

namespace Unseen.Data;

/// <summary>
/// The pictures of a dataset, decoded and prepared when they are asked for. Prepared pictures are remembered as bytes up to a limit of memory:
/// decoding costs some milliseconds, and every epoch asks again. Thread-safe.
/// </summary>
public sealed class PictureFeatures : IFeatureSource
{
    /// <summary>Bytes of memory for pictures unless another limit is given: 1 GiB, 7133 pictures of 224 x 224.</summary>
    public const long DefaultMemory = 1L << 30;

    private readonly IReadOnlyList<string> files;
    private readonly ImagePreprocessor preprocessor;
    private readonly ConcurrentDictionary<int, byte[]> remembered = new();
    private long free;

    /// <summary>Takes the pictures of files; none is opened yet.</summary>
    /// <param name="files">File of each image, in the order of the image ids.</param>
    /// <param name="preprocessing">How a picture becomes pixels.</param>
    /// <param name="memory">Bytes of prepared pictures to remember; 0 remembers none.</param>
    /// <exception cref="ConfigurationException">The preprocessing is wrong.</exception>
    public PictureFeatures(IReadOnlyList<string> files, PreprocessingOptions preprocessing, long memory = DefaultMemory)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(memory);
        (this.files, preprocessor, free) = (files, new ImagePreprocessor(preprocessing), memory);
    }

    /// <summary>1: a picture has no regions yet.</summary>
    public int Regions => 1;

    /// <inheritdoc/>
    public FeatureGrid? Grid => null;

    /// <inheritdoc/>
    public IReadOnlyList<int> VisualWidths => [];

    /// <inheritdoc/>
    public PreprocessingOptions? Pictures => preprocessor.Options;

    /// <inheritdoc/>
    /// <exception cref="UnreadableImageException">The picture is missing, damaged or too large.</exception>
    public void ReadPixels(int image, Span<float> destination)
    {
        if (remembered.TryGetValue(image, out var bytes)) preprocessor.FromBytes(bytes, destination);
        else
        {
            Decode(files[image], destination);
            Remember(image, destination);
        }
    }

    /// <summary>Refused: a picture has no features yet.</summary>
    /// <exception cref="ConfigurationException">Always.</exception>
    public void ReadRegions(int image, Span<float> destination) => throw NoFeatures();

    /// <summary>Refused: a picture has no features yet.</summary>
    /// <exception cref="ConfigurationException">Always.</exception>
    public void ReadGlobal(int image, Span<float> destination) => throw NoFeatures();

    internal static ConfigurationException NoFeatures() => new([
        "This method reads features, but the dataset was opened with its pictures. Make features with 'unseen extract' and give them with --features."]);

    private void Decode(string file, Span<float> destination)
    {
        try { preprocessor.ReadFile(file, destination); }
        catch (UnreadableImageException e)
        {
            throw new UnreadableImageException(e.Image, $"{e.Reason} Repair the file, or remove its line from images.csv; "
                + "'unseen data check' lists all such pictures.");
        }
    }

    private void Remember(int image, ReadOnlySpan<float> input)
    {
        var length = preprocessor.Options.InputLength;
        if (Interlocked.Add(ref free, -length) < 0)
        {
            Interlocked.Add(ref free, length);
            return;
        }
        var bytes = new byte[length];
        preprocessor.ToBytes(input[..length], bytes);
        if (!remembered.TryAdd(image, bytes)) Interlocked.Add(ref free, length);
    }
}
