using Xunit;

namespace Unseen.EndToEnd;

public sealed class DatasetTests(MiniWorld world) : IClassFixture<MiniWorld>
{
    [Fact]
    public void A_good_dataset_passes_and_progress_stays_off_the_results()
    {
        var check = Command.Run("data", "check", world.Dataset);
        Assert.Equal((0, "Errors: 0, warnings: 0.\n"), (check.ExitCode, check.Output));
        Assert.Contains("check: 64 of 64 images", check.Error, StringComparison.Ordinal);
        Assert.Contains("6 seen, 2 unseen", Command.Run("data", "info", world.Dataset).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dataset_is_started_from_pictures_and_a_table()
    {
        var table = File.ReadAllLines(Path.Combine(world.Dataset, "class_attributes.csv"));
        var named = table.Select(line => line.Split(',', 2)).Select(cells => $"{cells[0].Replace(' ', '_')},{cells[1]}").ToList();
        File.WriteAllLines(world["table.csv"], named);
        var started = Command.Run("data", "init", world["own"], "--images", Path.Combine(world.Dataset, "images"),
            "--attributes", world["table.csv"], "--unseen", named[1].Split(',')[0]);
        Assert.True(started.ExitCode == 0, started.Error);
        Assert.Contains("8 classes, 64 images, 47 attributes.", started.Output, StringComparison.Ordinal);
        Assert.Equal(0, Command.Run("data", "check", world["own"], "--no-decode").ExitCode);
    }

    [Fact]
    public void Divided_extraction_merges_into_the_same_bytes()
    {
        foreach (var part in new[] { "0/2", "1/2" })
            Assert.Equal(0, Command.Run("extract", "--dataset", world.Dataset, "--backbone", world.Backbone, "--out",
                world[$"part{part[0]}.safetensors"],
                "--shard", part).ExitCode);
        var merged = Command.Run("extract", "merge", world["part1.safetensors"], world["part0.safetensors"], "--out",
            world["merged.safetensors"]);
        Assert.True(merged.ExitCode == 0, merged.Error);
        Assert.Equal(File.ReadAllBytes(world.Features), File.ReadAllBytes(world["merged.safetensors"]));
    }

    [Fact]
    public void A_finished_store_is_not_replaced_and_resuming_it_does_nothing()
    {
        string[] extract = ["extract", "--dataset", world.Dataset, "--backbone", world.Backbone, "--out", world.Features];
        Assert.Equal(1, Command.Run(extract).ExitCode);
        var resumed = Command.Run([.. extract, "--resume"]);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains("64 images, 64 of them from before", resumed.Output, StringComparison.Ordinal);
    }
}
