using Unseen.Data;
using Unseen.Features;
using Unseen.Semantics;

namespace Unseen.Tests.Training;

/// <summary>A small separable problem in memory: regions are the class attributes, seen through a random matrix, plus noise.</summary>
public static class TinyProblem
{
    public const int WordWidth = 5;

    public static ZslProblem Create(
        int seen = 6, int unseen = 2, int attributes = 8, int regions = 4, int visual = 12, int perClass = 8, int seed = 1,
            bool words = true,
        float noise = 0.1f, AttributeScale scale = AttributeScale.Unit)
    {
        var random = new Random(seed);
        var classes = seen + unseen;
        var values = Matrix(classes, attributes, () => random.NextSingle() * (scale == AttributeScale.Percent ? 100 : 1));
        var map = Matrix(attributes, visual, () => random.NextSingle() - 0.5f);
        var (images, labels) = (new List<float[]>(), new List<int>());
        for (var c = 0; c < classes; c++)
            for (var i = 0; i < perClass; i++)
            {
                images.Add(Image(values, map, c, regions, noise, random));
                labels.Add(c);
            }
        var all = Enumerable.Range(0, images.Count).ToArray();
        var train = all.Where(i => labels[i] < seen && i % perClass < perClass - 2).ToArray();
        return new ZslProblem
        {
            Semantics = new ClassSemantics([.. Names("class", classes)], [.. Names("attribute", attributes)], values, scale),
            SeenClass = [.. Enumerable.Range(0, classes).Select(c => c < seen)],
            Attributes = [.. Names("attribute", attributes).Select((n, i) => new AttributeEntry(n, $"group {i % 2}", n, []))],
            WordVectors = words ? Matrix(attributes, WordWidth, () => random.NextSingle() - 0.5f) : null,
            Features = new MemoryFeatures(images, regions, [visual]),
            Train = Labelled(train, labels),
            Evaluation = Labelled([.. all.Except(train)], labels),
        };
    }

    /// <summary>The same problem with its classes in reverse order: the unseen ones come first, so a class is not its place among the seen ones.</summary>
    public static ZslProblem UnseenFirst(ZslProblem problem)
    {
        var (last, values) = (problem.Classes - 1, (float[,])problem.Semantics.Values.Clone());
        for (var c = 0; c <= last; c++)
            for (var a = 0; a < values.GetLength(1); a++)
                values[c, a] = problem.Semantics.Values[last - c, a];
        LabelledImages Reversed(LabelledImages images) => images with { Labels = Array.ConvertAll(images.Labels, l => last - l) };
        return problem with
        {
            Semantics = problem.Semantics with { Values = values },
            SeenClass = [.. problem.SeenClass.Reverse()],
            Train = Reversed(problem.Train),
            Evaluation = Reversed(problem.Evaluation),
        };
    }

    /// <summary>Some rows of a feature source [images, regions, visual].</summary>
    public static float[] Regions(ZslProblem problem, IReadOnlyList<int> images)
    {
        var size = problem.Features.Regions * problem.Features.Visual();
        var values = new float[images.Count * size];
        for (var i = 0; i < images.Count; i++) problem.Features.ReadRegions(images[i], values.AsSpan(i * size, size));
        return values;
    }

    private static LabelledImages Labelled(int[] images, List<int> labels) => new(images, Array.ConvertAll(images, i => labels[i]));

    private static IEnumerable<string> Names(string word, int count) => Enumerable.Range(0, count).Select(i => $"{word} {i}");

    private static float[,] Matrix(int rows, int columns, Func<float> draw)
    {
        var matrix = new float[rows, columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                matrix[r, c] = draw();
        return matrix;
    }

    private static float[] Image(float[,] values, float[,] map, int @class, int regions, float noise, Random random)
    {
        var (attributes, visual) = (map.GetLength(0), map.GetLength(1));
        var image = new float[regions * visual];
        for (var r = 0; r < regions; r++)
            for (var d = 0; d < visual; d++)
            {
                var sum = 0f;
                for (var a = r % regions; a < attributes; a += regions) sum += values[@class, a] * map[a, d];
                image[r * visual + d] = sum + noise * (random.NextSingle() - 0.5f);
            }
        return image;
    }
}

/// <summary>Raw features in memory; <see cref="Reads"/> counts the rows that were read.</summary>
public sealed class MemoryFeatures(IReadOnlyList<float[]> images, int regions, IReadOnlyList<int> widths) : IFeatureSource
{
    private int reads;

    public int Reads => reads;

    public int Regions => regions;

    public FeatureGrid? Grid => null;

    public IReadOnlyList<int> VisualWidths => widths;

    public void ReadRegions(int image, Span<float> destination)
    {
        Interlocked.Increment(ref reads);
        images[image].CopyTo(destination);
        for (var start = 0; start < destination.Length; start += widths.Sum())
            for (var (s, offset) = (0, start); s < widths.Count; offset += widths[s++])
            {
                var block = destination.Slice(offset, widths[s]);
                var norm = MathF.Sqrt(System.Numerics.Tensors.TensorPrimitives.SumOfSquares<float>(block));
                foreach (ref var value in block) value /= Math.Max(norm, 1e-12f);
            }
    }

    public void ReadGlobal(int image, Span<float> destination)
    {
        Interlocked.Increment(ref reads);
        var visual = widths.Sum();
        for (var d = 0; d < visual; d++)
        {
            var sum = 0f;
            for (var r = 0; r < regions; r++) sum += images[image][r * visual + d];
            destination[d] = sum / regions;
        }
    }
}
