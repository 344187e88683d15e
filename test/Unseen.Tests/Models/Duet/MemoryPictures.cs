using Unseen.Data;
using Unseen.Features;

namespace Unseen.Tests.Models.Duet;

/// <summary>Random normalised pictures in memory.</summary>
internal sealed class MemoryPictures(int images, int side) : IFeatureSource
{
    private readonly float[][] rows = Rows(images, 3 * side * side);

    public int Regions => 1;

    public FeatureGrid? Grid => null;

    public IReadOnlyList<int> VisualWidths => [];

    public PreprocessingOptions? Pictures { get; } = new() { Height = side, Width = side };

    public void ReadPixels(int image, Span<float> destination) => rows[image].CopyTo(destination);

    public void ReadRegions(int image, Span<float> destination) => throw new InvalidOperationException();

    public void ReadGlobal(int image, Span<float> destination) => throw new InvalidOperationException();

    private static float[][] Rows(int images, int length)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, images).Select(_ => Enumerable.Range(0, length).Select(_ => 2 * random.NextSingle() - 1).ToArray())];
    }
}
