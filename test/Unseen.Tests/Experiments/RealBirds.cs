using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>A part of CUB-127 with the features of its MobileNetV2.</summary>
internal static class RealBirds
{
    /// <summary>Writes a dataset folder whose pictures stay where they are, and extracts their features; skips without real data.</summary>
    /// <param name="folder">Folder to write to.</param>
    /// <param name="seen">Seen classes, the first ones.</param>
    /// <param name="unseen">Unseen classes, the first ones.</param>
    /// <param name="imagesPerSplit">Pictures of a class in each of its splits, the first ones.</param>
    public static (string Dataset, string Features) Take(TemporaryFolder folder, int seen, int unseen, int imagesPerSplit)
    {
        var cub127 = Path.Combine(RealData.Folder(), "cub127");
        var dataset = folder.File("birds");
        Directory.CreateDirectory(dataset);
        var classes = Rows(cub127, "classes.csv").GroupBy(c => c[1]).SelectMany(g => g.Take(g.Key == "seen" ? seen : unseen))
            .Select(c => c[0]).ToHashSet();
        var images = Rows(cub127, "images.csv").Where(i => classes.Contains(i[1])).GroupBy(i => (i[1], i[2]))
            .SelectMany(g => g.Take(imagesPerSplit)).Select(i => i[0]).ToHashSet();
        foreach (var file in new[] { "attributes.csv", "word_vectors.csv" }) File.Copy(Path.Combine(cub127, file), Path.Combine(dataset, file));
        Keep(cub127, dataset, "classes.csv", classes);
        Keep(cub127, dataset, "class_attributes.csv", classes);
        Keep(cub127, dataset, "images.csv", images);
        File.WriteAllText(Path.Combine(dataset, "dataset.yaml"),
            $"name: CUB-127\nimages: {Path.Combine(cub127, "images")}\nattributes:\n  scale: percent\n  negative: clamp\n");
        var sources = images.Select(i => new ImageSource(i, Path.Combine(cub127, "images", i))).ToList();
        using var backbone = OnnxBackbone.Load(Path.Combine(cub127, "..", "backbones", "mobilenetv2.onnx"), new() { Threads = 1 });
        return (dataset, FeatureExtractor.Run(backbone, new() { Images = sources, Output = folder.File("birds.safetensors") },
            cancellation: TestContext.Current.CancellationToken).Store);
    }

    private static IEnumerable<string[]> Rows(string path, string file) =>
        File.ReadLines(Path.Combine(path, file)).Skip(1).Select(line => line.Split(','));

    private static void Keep(string from, string to, string file, HashSet<string> keys) => File.WriteAllLines(Path.Combine(to, file),
        File.ReadLines(Path.Combine(from, file)).Where((line, i) => i == 0 || keys.Contains(line.Split(',')[0])));
}
