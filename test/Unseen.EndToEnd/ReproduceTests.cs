using System.Text.Json;
using Xunit;

namespace Unseen.EndToEnd;

public sealed class ReproduceTests(MiniWorld world) : IClassFixture<MiniWorld>
{
    [Fact]
    public void An_experiment_with_its_ablation_is_run_on_the_drawn_birds_and_goes_on_where_it_stopped()
    {
        string[] command = ["reproduce", "cvsc-cub", "--dataset", world.Dataset, "--features", world.Features, "--seeds", "2", "--ablation",
            "--set", "training.epochs=2", "--protocol", "clean", "--threads", "1", "--out", world["reproduced"]];
        var run = Command.Run(command);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("cvsc-cub: CVsC on CUB; ours on SketchBirds, clean protocol, 2 seeds (1, 2)", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"published +79\.1 +72\.4 +78\.4 +75\.3", run.Output);
        Assert.Matches(@"CVsC w/o CCL +77\.6 +\d+\.\d ± \d+\.\d +71\.4 +\d+\.\d ± \d+\.\d", run.Output);
        Assert.Contains("departs from the publication: the dataset SketchBirds is not the published CUB (6 seen classes, published 150;",
            run.Output, StringComparison.Ordinal);
        Assert.Contains("departs from the publication: the setting training.epochs=2", run.Output, StringComparison.Ordinal);
        Assert.Equal(5, Directory.GetFiles(world["reproduced"], "report.json", SearchOption.AllDirectories)
            .Count(f => !f.Contains("seed-", StringComparison.Ordinal)));
        Assert.Equal(1, Command.Run(command).ExitCode);
        File.Delete(Path.Combine(world["reproduced"], "ablation-3-cvsc-w-o-sci", "report.json"));
        var resumed = Command.Run([.. command, "--resume"]);
        Assert.Equal((0, run.Output), (resumed.ExitCode, resumed.Output));
    }

    [Fact]
    public void The_curves_of_an_experiment_are_run_and_drawn()
    {
        File.WriteAllText(world["curved.yaml"], "title: Curved\nmethod: sae\ndataset: cub\nfeatures: f\nsource: a table\npublished: {h: 1}\n" +
            "curves:\n- name: weight of CCL\n  source: figure 1\n  option: cclWeight\n  values: [0, 1]\n");
        string[] command = ["reproduce", world["curved.yaml"], "--dataset", world.Dataset, "--features", world.Features, "--seeds", "1", "--curves",
            "--threads", "1", "--out", world["curved"]];
        var wrong = Command.Run(command);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("Unknown key of options 'cclWeight'", wrong.Error, StringComparison.Ordinal);
        File.WriteAllText(world["curved.yaml"], File.ReadAllText(world["curved.yaml"]).Replace("method: sae", "method: cvsc\ntraining: {epochs: 1}", StringComparison.Ordinal));
        var run = Command.Run(command);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(@"curve: weight of CCL \(figure 1; curve-1-weight-of-ccl\.svg\)\ncclWeight +T1 +U +S +H +AUSUC\n0( +\d+\.\d){5}\n1( +\d+\.\d){5}\n", run.Output);
        Assert.True(File.Exists(Path.Combine(world["curved"], "curve-1-weight-of-ccl.svg")));
        Assert.Matches(@"curved +cvsc +cub .* 1 curve ", Command.Run("experiments", "--experiments", world.Root).Output);
    }

    [Fact]
    public void Experiments_are_listed_with_what_is_missing()
    {
        var list = Command.Run("experiments");
        Assert.Equal(0, list.ExitCode);
        Assert.Matches(@"cvsc-cub +cvsc +cub +79\.1 +72\.4 +78\.4 +75\.3 +5 rows +dataset folder, features", list.Output);
        File.WriteAllText(world["mine.yaml"], "title: Mine\nmethod: no-such\ndataset: cub\nfeatures: f\nsource: s\npublished: {h: 1}\n");
        var own = JsonDocument.Parse(Command.Run("experiments", "--experiments", world.Root, "--json").Output).RootElement;
        var mine = own.EnumerateArray().Single(e => e.GetProperty("name").GetString() == "mine");
        Assert.Equal(["method", "dataset folder", "features"], mine.GetProperty("missing").EnumerateArray().Select(m => m.GetString()));
        var refused = Command.Run("reproduce", world["mine.yaml"], "--dataset", world.Dataset, "--features", world.Features, "--out",
            world["nothing"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("Experiment 'mine' needs the method 'no-such'", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, Command.Run("reproduce", "cvsc-cub", "--dataset", "d", "--features", "f", "--out", "o", "--seeds", "many").ExitCode);
    }
}
