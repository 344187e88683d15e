using System.Text.Json;
using Xunit;

namespace Unseen.EndToEnd;

public sealed class TrainTests(MiniWorld world) : IClassFixture<MiniWorld>
{
    [Theory]
    [InlineData("ridge")]
    [InlineData("cvsc")]
    public void Training_prints_a_report_that_eval_repeats_and_measures_again(string method)
    {
        var more = method == "cvsc" ? new[] { "--set", "training.epochs=3" } : [];
        var trained = Command.Run(world.Train(method, ["--method", method, .. more]));
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Contains($"{method} on SketchBirds, clean protocol, seed 1", trained.Output, StringComparison.Ordinal);
        var stored = Command.Run("eval", world[method], "--json").Output;
        Assert.Equal(File.ReadAllText(Path.Combine(world[method], "report.json")), stored);
        var again = Command.Run("eval", Path.Combine(world[method], "model"), "--dataset", world.Dataset, "--features", world.Features,
            "--threads", "1", "--json");
        Assert.True(again.ExitCode == 0, again.Error);
        foreach (var section in new[] { "metrics", "gamma", "validation", "classes" })
            Assert.Equal(Section(stored, section), Section(again.Output, section));
    }

    [Fact]
    public void A_finished_run_is_resumed_by_printing_its_report_and_other_options_are_refused()
    {
        var first = Command.Run(world.Train("done", "--method", "ridge"));
        Assert.True(first.ExitCode == 0, first.Error);
        var resumed = Command.Run(world.Train("done", "--method", "ridge", "--resume"));
        Assert.Equal((0, first.Output), (resumed.ExitCode, resumed.Output));
        var other = Command.Run(world.Train("done", "--method", "ridge", "--resume", "--seed", "2"));
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("seeds: stored [1], asked [2]", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_content_is_refused_without_force()
    {
        Directory.CreateDirectory(world["full"]);
        File.WriteAllText(Path.Combine(world["full"], "notes.txt"), "mine");
        var refused = Command.Run(world.Train("full", "--method", "ridge"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is not empty", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, Command.Run(world.Train("full", "--method", "ridge", "--force")).ExitCode);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(world["full"], "notes.txt")));
    }

    [Fact]
    public void Several_seeds_give_one_report_with_mean_and_deviation()
    {
        var run = Command.Run(world.Train("seeds", "--method", "cvsc", "--set", "training.epochs=2", "--seeds", "1,2", "--json"));
        Assert.True(run.ExitCode == 0, run.Error);
        var report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal([1, 2], report.GetProperty("seeds").EnumerateArray().Select(s => s.GetInt32()));
        Assert.All(["seed-1", "seed-2", "model"], folder => Assert.True(Directory.Exists(Path.Combine(world["seeds"], folder)), folder));
    }

    [Fact]
    public void The_stored_configuration_repeats_the_run()
    {
        Assert.Equal(0, Command.Run(world.Train("one", "--method", "cvsc", "--set", "training.epochs=2")).ExitCode);
        var again = Command.Run("train", "--config", Path.Combine(world["one"], "config.yaml"), "--out", world["two"], "--threads", "1");
        Assert.True(again.ExitCode == 0, again.Error);
        foreach (var section in new[] { "metrics", "gamma", "curve" })
            Assert.Equal(Section(Report("one"), section), Section(Report("two"), section));
    }

    [Fact]
    public void A_bad_configuration_names_all_problems_before_anything_is_read()
    {
        File.WriteAllText(world["bad.yaml"],
            "dataset: no-such-folder\nmethod: cvsc\nprotocl: clean\ntraining:\n  epochs: many\n  batchSize: 0\n");
        var run = Command.Run("train", "--config", world["bad.yaml"], "--set", "precision=f8", "--features", "no-such-file");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        var file = world["bad.yaml"];
        Assert.Equal(
            [$"{file}:3: Unknown key 'protocl'. Did you mean 'protocol'?", $"{file}:5: training.epochs must be an integer, found 'many'.",
                $"{file}:6: training.batchSize must be from 1 to 100000, found 0.", $"{file}: output is required.",
                "--set precision=f8: precision must be one of f32, bf16, found 'f8'."],
            run.Error.Trim().Split('\n').Select(line => line.Split(" Known:")[0]));
    }

    private string Report(string run) => File.ReadAllText(Path.Combine(world[run], "report.json"));

    private static string Section(string report, string name) => JsonDocument.Parse(report).RootElement.GetProperty(name).GetRawText();
}
