using TorchSharp;
using Unseen.Data;
using Unseen.Features;
using Unseen.Semantics;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>Random data of a real problem's size.</summary>
internal sealed class SyntheticProblem : IDisposable
{
    private const int Classes = 200;
    private const int Seen = 150;

    public SyntheticProblem(int batch, int attributes, int regions, int visual)
    {
        manual_seed(1);
        var values = rand(Classes, attributes);
        Problem = new ZslProblem
        {
            Semantics = new ClassSemantics([.. Names("class", Classes)], [.. Names("attribute", attributes)], To2D(values), AttributeScale.Unit),
            SeenClass = [.. Enumerable.Range(0, Classes).Select(c => c < Seen)],
            Attributes = [.. Names("attribute", attributes).Select(n => new AttributeEntry(n, "group", n, []))],
            WordVectors = To2D(randn(attributes, 300)),
            Features = new FeatureShape(regions, visual),
            Train = new LabelledImages([], []),
            Evaluation = new LabelledImages([], []),
        };
        Regions = nn.functional.normalize(rand(batch, regions, visual), dim: 2);
        Labels = randint(Seen, batch, ScalarType.Int64);
    }

    public ZslProblem Problem { get; }

    public Tensor Regions { get; }

    public Tensor Labels { get; }

    public void Dispose()
    {
        Regions.Dispose();
        Labels.Dispose();
    }

    private static IEnumerable<string> Names(string word, int count) => Enumerable.Range(0, count).Select(i => $"{word} {i}");

    private static float[,] To2D(Tensor tensor) => (float[,])tensor.data<float>().ToNDArray();

    private sealed record FeatureShape(int Regions, int Visual) : IFeatureSource
    {
        public FeatureGrid? Grid => null;

        public IReadOnlyList<int> VisualWidths => [Visual];

        public void ReadRegions(int image, Span<float> destination) => throw new NotSupportedException("The benchmark has no images.");

        public void ReadGlobal(int image, Span<float> destination) => throw new NotSupportedException("The benchmark has no images.");
    }
}
