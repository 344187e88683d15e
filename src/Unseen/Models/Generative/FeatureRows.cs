using Unseen.Data;
using Unseen.Features;

namespace Unseen.Models.Generative;

/// <summary>Features in memory, one row per image: what the stages beside the main one are trained on.</summary>
/// <param name="width">Values per row.</param>
internal sealed class FeatureRows(int width) : IFeatureSource
{
    private readonly List<float[]> blocks = [];
    private readonly List<(int Block, int Row)> places = [];
    private readonly List<int> labels = [];

    public int Regions => 1;

    public FeatureGrid? Grid => null;

    public IReadOnlyList<int> VisualWidths => [width];

    /// <summary>Appends rows [labels, width], row-major.</summary>
    public void Add(float[] rows, ReadOnlySpan<int> rowLabels)
    {
        for (var row = 0; row < rowLabels.Length; row++) places.Add((blocks.Count, row));
        blocks.Add(rows);
        labels.AddRange(rowLabels);
    }

    /// <summary>A problem with all rows as training images and nothing to evaluate.</summary>
    public ZslProblem ToProblem(ZslProblem classes) => classes with
    {
        Features = this,
        Train = new LabelledImages([.. Enumerable.Range(0, labels.Count)], [.. labels]),
        Evaluation = new LabelledImages([], []),
    };

    public void ReadRegions(int image, Span<float> destination) => ReadGlobal(image, destination);

    public void ReadGlobal(int image, Span<float> destination) =>
        blocks[places[image].Block].AsSpan(places[image].Row * width, width).CopyTo(destination);
}
