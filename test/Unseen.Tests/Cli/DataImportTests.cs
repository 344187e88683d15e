using Unseen.Data.Formats;
using Unseen.Features;
using Unseen.Tests.Data.Import;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class DataImportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public DataImportTests()
    {
        Mat5Writer.Write(folder["att_splits.mat"], ImportFiles.Splits());
        Mat5Writer.Write(folder["res101.mat"], ImportFiles.Features());
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_fields_files_become_a_dataset_and_a_feature_store()
    {
        var run = Import();
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal($"{folder["out"]}: 3 seen and 1 unseen classes, 3 attributes, 3 trainval, 3 test_seen and 2 test_unseen images.\n",
            run.Output);
        Assert.Contains("warning: train_loc and val_loc contain 2 of the 3 test_seen images.", run.Error, StringComparison.Ordinal);
        using var store = FeatureStore.Open(folder["f.safetensors"]);
        Assert.True(store.IsGlobal);
        Assert.Equal([2f, 2.5f], Row(store, "x/3.jpg"));
        Assert.Equal([7f, 7.5f], Row(store, "x/8.jpg"));
        Assert.Equal("res101.mat", store.Metadata.Backbone.Name);
    }

    [Fact]
    public void A_method_trains_on_what_was_imported()
    {
        Import();
        var run = CliRun.Of("train", "--dataset", folder["out"], "--features", folder["f.safetensors"], "--method", "ridge", "--out",
            folder["run"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("backbone res101.mat", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_store_is_kept_without_force()
    {
        File.WriteAllText(folder["f.safetensors"], "mine");
        Assert.Equal($"{folder["f.safetensors"]} exists already. Choose another file, or replace it with --force.\n", Import().Error);
        Assert.Equal("mine", File.ReadAllText(folder["f.safetensors"]));
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void A_store_needs_features()
    {
        var run = CliRun.Of("data", "import", "xlsa17", "--splits", folder["att_splits.mat"], "--out", folder["out"], "--store",
            folder["f.safetensors"]);
        Assert.Equal((1, "--store needs a file with features.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public void Official_layouts_and_knowledge_graphs_are_imported()
    {
        using var files = new LayoutFixture();
        files.Awa2();
        var imported = CliRun.Of("data", "import", "awa2", files["raw"], "--split", files["att_splits.mat"], "--out", files.Output);
        Assert.Equal($"{files.Output}: 3 seen and 1 unseen classes, 3 attributes, 3 trainval, 3 test_seen and 2 test_unseen images.\n",
            imported.Output);
        Assert.Contains("published AWA2    DIFFERS: 3 seen classes, published 40; ", CliRun.Of("data", "info", files.Output).Output,
            StringComparison.Ordinal);
        File.WriteAllText(files["triples.txt"], "Ant\thas\tlegs\nbee\thas\twings\ncat\thas\tlegs\ndog\thas\tlegs\n");
        string[] graph = ["data", "import", "semantics", "--dataset", files.Output, "--name", "kg", "--triples", files["triples.txt"]];
        Assert.Equal($"{Path.Combine(files.Output, "semantics", "kg.csv")}: 4 classes, 2 values each, 4 facts in relations.csv.\n",
            CliRun.Of(graph).Output);
        Assert.Contains("semantics kg      2 wide", CliRun.Of("data", "info", files.Output).Output, StringComparison.Ordinal);
        Assert.Equal(1, CliRun.Of(graph).ExitCode);
        Assert.Equal(2, CliRun.Of([.. graph, "--vectors", "x.mat"]).ExitCode);
        Assert.Equal(2, CliRun.Of(graph[..^2]).ExitCode);
        Assert.Equal(2, CliRun.Of([.. graph, "--hops", "0"]).ExitCode);
    }

    private CliRun Import() =>
        CliRun.Of("data", "import", "xlsa17", "--splits", folder["att_splits.mat"], "--features", folder["res101.mat"],
        "--out", folder["out"], "--store", folder["f.safetensors"]);

    private static float[] Row(FeatureStore store, string name)
    {
        var row = new float[store.RowLength];
        store.Read(store.RowOf(name), row);
        return row;
    }
}
