using System.Text.Json.Nodes;
using Unseen.Experiments.Reproduction;
using Unseen.Reports;
using Unseen.Tests.Data.Formats;
using Xunit;
using CliRun = Unseen.Tests.Cli.CliRun;

namespace Unseen.Tests.Experiments;

/// <summary>Published experiments on a few real classes of CUB-127 with features of a real backbone.</summary>
public sealed class Cub127ReproductionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Closed_forms_and_cvsc_are_reproduced_on_real_birds()
    {
        var (dataset, features) = RealBirds.Take(folder, seen: 12, unseen: 4, imagesPerSplit: 8);
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

    [Fact]
    public void Every_row_of_MSDNpp_runs_on_real_birds()
    {
        var (dataset, features) = RealBirds.Take(folder, seen: 6, unseen: 2, imagesPerSplit: 3);
        var report = Reproduce("msdnpp-cub", dataset, features, "--ablation", "--set", "training.epochs=1");
        Assert.Equal(13, Rows(report, "ablation").Count);
        Assert.All(Rows(report, "ablation"), row => Assert.NotNull(row["ours"]!["h"]));
    }

    [Fact]
    public void Every_row_and_curve_of_MLIS_runs_on_real_birds_with_their_sentences()
    {
        var (dataset, features) = RealBirds.Take(folder, seen: 6, unseen: 2, imagesPerSplit: 3);
        var cub = Path.Combine(RealData.Folder(), "cub");
        var imported = CliRun.Of("data", "import", "semantics", "--dataset", dataset, "--name", "sentences", "--vectors",
            Path.Combine(cub, "reed_sentence_1024d.csv"), "--class-names", Path.Combine(cub, "xlsa17_allclasses_names.txt"));
        Assert.True(imported.ExitCode == 0, imported.Error);
        string[] settings = ["training.epochs=1", "training.ways=4", "training.shots=2", "training.batchSize=8", "options.criticSteps=1", "options.encoderSteps=1",
            "options.noiseWidth=8", "options.generatorWidth=16", "options.criticWidth=16", "options.encoderWidth=8", "options.classifier.epochs=1"];
        var report = Reproduce("mlis-cub", dataset, features, ["--ablation", "--curves", .. settings.SelectMany(s => new[] { "--set", s })]);
        Assert.Equal(7, Rows(report, "ablation").Count);
        Assert.All(Rows(report, "ablation"), row => Assert.NotNull(row["ours"]!["h"]));
        Assert.Equal([5, 5, 5, 5], Rows(report, "curves").Select(curve => Rows(curve, "points").Count));
        Assert.All(Rows(report, "curves").SelectMany(curve => Rows(curve, "points")), point => Assert.NotNull(point["ours"]!["h"]));
        Assert.DoesNotContain("class semantics", report["departures"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("semantics: sentences\n", File.ReadAllText(Path.Combine(folder.File("out"), "run", "config.yaml")), StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFiles(folder.File("out"), "curve-*.svg").Length);
    }

    private JsonNode Reproduce(string experiment, string dataset, string features, params string[] more)
    {
        var run = CliRun.Of(["reproduce", experiment, "--dataset", dataset, "--features", features, "--seeds", "1", "--out", folder.File("out"), .. more]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotContain("not run", run.Output, StringComparison.Ordinal);
        return JsonNode.Parse(File.ReadAllText(Path.Combine(folder.File("out"), "reproduction.json")))!;
    }

    private static List<JsonNode> Rows(JsonNode node, string name) => [.. node[name]!.AsArray().Select(n => n!)];
}
