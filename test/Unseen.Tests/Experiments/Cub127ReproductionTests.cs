using Unseen.Experiments.Reproduction;
using Unseen.Features;
using Unseen.Reports;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>Published experiments on a few real classes of CUB-127 with features of a real backbone.</summary>
public sealed class Cub127ReproductionTests : IDisposable
{
    private const int ImagesPerClass = 8;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Closed_forms_and_cvsc_are_reproduced_on_real_birds()
    {
        var (dataset, features) = SomeBirds(Path.Combine(RealData.Folder(), "cub127"));
        var options = new ReproductionOptions { Dataset = dataset, Features = [features], Output = folder.File("eszsl"), Seeds = [1] };
        var eszsl = Reproducer.Run(ExperimentCatalog.Find("eszsl-cub"), options with
        {
            Settings = ["options.featureNormalisations=[l2]", "options.attributeNormalisations=[l2]"],
        });
        Assert.Equal((53.9, 21.0), (eszsl.Result.Published.T1, eszsl.Result.Published.H));
        var stored = ZslReport.Read(Path.Combine(options.Output, "run", "report.json"));
        Assert.Equal((stored.Metrics.T1, stored.Calibrations!.Zero.H), (eszsl.Result.Ours!.T1, eszsl.Result.Ours.H));
        Assert.Equal(["birds.safetensors, backbone mobilenetv2, pre-trained on ImageNet-1k"], eszsl.Features);
        Assert.Contains("the dataset CUB-127 is not the published CUB (12 seen classes, published 150;", eszsl.Departures[0],
            StringComparison.Ordinal);
        var cvsc = Reproducer.Run(ExperimentCatalog.Find("cvsc-cub"), options with
        {
            Output = folder.File("cvsc"),
            Ablation = true,
            Settings = ["training.epochs=1"],
        });
        Assert.Equal(["Baseline", "CVsC w/o CCL", "CVsC w/o SCI", "CVsC w/o TCI", "CVsC"], cvsc.Ablation.Select(r => r.Name));
        Assert.All(cvsc.Ablation, row => Assert.NotNull(row.Ours!.H));
        Assert.True(cvsc.TestSelected);
    }

    /// <summary>Twelve seen and four unseen classes with their first pictures.</summary>
    private (string Dataset, string Features) SomeBirds(string cub127)
    {
        var dataset = folder.File("birds");
        Directory.CreateDirectory(dataset);
        var classes = Rows(cub127, "classes.csv").GroupBy(c => c[1]).SelectMany(g => g.Take(g.Key == "seen" ? 12 : 4))
            .Select(c => c[0]).ToHashSet();
        var images = Rows(cub127, "images.csv").Where(i => classes.Contains(i[1])).GroupBy(i => (i[1], i[2]))
            .SelectMany(g => g.Take(ImagesPerClass)).Select(i => i[0]).ToHashSet();
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
