using Unseen.Experiments.Reproduction;
using Unseen.Reports;
using Unseen.Tests.Data.Formats;
using Xunit;

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
}
