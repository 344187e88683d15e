using Unseen.Experiments;
using Unseen.Models.Cvsc;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>What a run does with the folder it finds.</summary>
public sealed class RunFolderTests(MiniRun mini) : IClassFixture<MiniRun>
{
    [Fact]
    public void AFinishedRunIsReturnedWithoutTraining()
    {
        using var dataset = mini.Open();
        var options = mini.Options();
        var first = Experiment.Run(new CvscOptions(), dataset, options).Report;
        var written = Contents(options.Output);
        var resume = options with { Resume = true, Progress = new Reports(_ => Assert.Fail("It trained.")) };
        var again = Experiment.Run(new CvscOptions(), dataset, resume);
        Assert.Equal(first.ToJson(), again.Report.ToJson());
        Assert.Equal(written, Contents(options.Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/model")]
    [InlineData("/model/")]
    [InlineData("/model//")]
    public void ARunIsFoundByItsFolderAndByThatOfItsModel(string ending)
    {
        using var dataset = mini.Open();
        var run = Experiment.Run(MiniRun.Quick, dataset, mini.Options()).Directory.FullPath;
        Assert.NotNull(RunDirectory.Find(run + ending).FinishedReport);
    }

    [Fact]
    public void ADamagedOrForeignModelFileIsRefused()
    {
        using var dataset = mini.Open();
        var model = Experiment.Run(MiniRun.Quick, dataset, mini.Options()).ModelDirectory;
        var record = ModelFolder.ReadRecord(model);
        var file = Path.Combine(model, "model.safetensors");
        var bytes = File.ReadAllBytes(file);
        bytes[^3] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Contains("the tensors are not those of model.json", Assert.Throws<CheckpointMismatchException>(() => ModelFolder.Load(model, record)).Message, StringComparison.Ordinal);
        using var old = ModelFolder.Load(model, record with { TensorsSha256 = null });       // a model of an earlier version states no sum
        ModelFolder.WriteRecord(model, record with { Format = 9 });
        Assert.EndsWith("the format is 9, but this version reads 1.", Assert.Throws<DatasetFormatException>(() => ModelFolder.ReadRecord(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModelAndADatasetWithAnotherSplitAreNotCompared()
    {
        using var dataset = mini.Open();
        var model = Experiment.Run(MiniRun.Quick, dataset, mini.Options()).ModelDirectory;
        var record = ModelFolder.ReadRecord(model);
        ModelFolder.WriteRecord(model, record with { Classes = [record.Classes[0] with { Seen = !record.Classes[0].Seen }, .. record.Classes.Skip(1)] });
        Assert.StartsWith($"Class '{record.Classes[0].Name}' is seen in the dataset and unseen in the model",
            Assert.Throws<CheckpointMismatchException>(() => Rescoring.Run(model, dataset, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"epochs": null, "settings": null, "gamma": 0, "gammaQuantile": 0.5, "validation": null, "history": []}""")]
    [InlineData("""{"epochs": null, "settings": {}, "gamma": 0, "gammaQuantile": 0.5, "validation": null, "history": [null]}""")]
    public void AChoiceThatCannotBeReadIsNamed(string content)
    {
        using var dataset = mini.Open();
        var options = mini.Options();
        Experiment.Run(MiniRun.Quick, dataset, options);
        File.Delete(Path.Combine(options.Output, "report.json"));
        File.WriteAllText(Path.Combine(options.Output, "selection.json"), content);
        Assert.Contains("Delete the file to choose anew.",
            Assert.Throws<DatasetFormatException>(() => Experiment.Run(MiniRun.Quick, dataset, options with { Resume = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoProcessesDoNotRunInOneFolderAndASeedIsGivenOnce()
    {
        using var dataset = mini.Open();
        var options = mini.Options();
        Assert.Equal("Seed 3 is given 2 times. Give each seed once.",
            Assert.Throws<ConfigurationException>(() => Experiment.Run(MiniRun.Quick, dataset, options with { Seeds = [3, 4, 3] })).Message);
        Assert.False(Directory.Exists(options.Output));
        Directory.CreateDirectory(options.Output);
        using (new FileStream(Path.Combine(options.Output, "run.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            Assert.Contains("another process runs in this folder",
                Assert.Throws<ConfigurationException>(() => Experiment.Run(MiniRun.Quick, dataset, options with { Force = true })).Message, StringComparison.Ordinal);
        Experiment.Run(MiniRun.Quick, dataset, options with { Force = true });
        Assert.False(File.Exists(Path.Combine(options.Output, "run.lock")));
    }

    /// <summary>The hash of the settings is another one when a version has more of them; the settings themselves are compared before.</summary>
    [Fact]
    public void SeedsThatAnEarlierVersionHasFinishedAreMergedWithNewOnes()
    {
        using var dataset = mini.Open();
        var options = mini.Options() with { Seeds = [1, 2] };
        var expected = Experiment.Run(MiniRun.Quick, dataset, options).Report;
        File.Delete(Path.Combine(options.Output, "report.json"));
        var first = Path.Combine(options.Output, "seed-1", "report.json");
        File.WriteAllText(first, File.ReadAllText(first).Replace(expected.Configuration!, new string('0', 64), StringComparison.Ordinal));
        var resumed = Experiment.Run(MiniRun.Quick, dataset, options with { Resume = true }).Report;
        Assert.Equal((expected.Configuration, expected.Metrics), (resumed.Configuration, resumed.Metrics));
    }

    [Fact]
    public void OtherOptionsAreRefusedByName()
    {
        using var dataset = mini.Open();
        var options = mini.Options();
        Experiment.Run(MiniRun.Quick, dataset, options);
        var other = Assert.Throws<ConfigurationException>(() =>
            Experiment.Run(new CvscOptions(), dataset, options with { Resume = true }));
        Assert.Contains("  method: stored ridge, asked cvsc", other.Errors);
        var otherSeed = options with { Resume = true, Seed = 2 };
        var seed = Assert.Throws<ConfigurationException>(() => Experiment.Run(MiniRun.Quick, dataset, otherSeed));
        Assert.Equal([$"{Path.Combine(Path.GetFullPath(options.Output), "config.yaml")}: the stored run has other options. Use the same ones, or another --out.",
            "  seeds: stored [1], asked [2]"], seed.Errors);
    }

    [Fact]
    public void AFolderThatIsNotEmptyIsRefused()
    {
        using var dataset = mini.Open();
        var options = mini.Options();
        Directory.CreateDirectory(options.Output);
        File.WriteAllText(Path.Combine(options.Output, "notes.txt"), "mine");
        Assert.Equal($"{options.Output} is not empty. Use --resume to continue its run, --force to replace it, or another --out.",
            Assert.Throws<ConfigurationException>(() => Experiment.Run(MiniRun.Quick, dataset, options)).Message);
        Assert.Equal($"{options.Output} holds files, but no run to continue (no config.yaml). Use an empty folder as --out.",
            Assert.Throws<ConfigurationException>(() => Experiment.Run(MiniRun.Quick, dataset, options with { Resume = true })).Message);
        Assert.Equal(["notes.txt"], Directory.EnumerateFileSystemEntries(options.Output).Select(Path.GetFileName));
    }

    [Fact]
    public void ForceReplacesTheFilesOfARunAndNothingElse()
    {
        using var dataset = mini.Open();
        var options = mini.Options();
        Experiment.Run(MiniRun.Quick, dataset, options with { Seeds = [7, 8] });
        string[] mine = ["notes.txt", "seed-notes/a.txt", "models/b.bin", "report.tmp", "report.json.old"];
        foreach (var own in mine)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(options.Output, own))!);
            File.WriteAllText(Path.Combine(options.Output, own), "mine");
        }
        string[] left = ["report.json.abcdefgh.xyz.tmp", "config.yaml.4711.tmp"];               // by a kill during a write
        foreach (var file in left) File.WriteAllText(Path.Combine(options.Output, file), "half");
        var report = Experiment.Run(MiniRun.Quick, dataset, options with { Force = true }).Report;
        Assert.Equal([1], report.Seeds);
        Assert.False(Directory.Exists(Path.Combine(options.Output, "seed-7")));
        Assert.All(left, file => Assert.False(File.Exists(Path.Combine(options.Output, file))));
        foreach (var own in mine)
            Assert.Equal("mine", File.ReadAllText(Path.Combine(options.Output, own)));
    }

    [Fact]
    public void ResumeInAnEmptyFolderStarts()
    {
        using var dataset = mini.Open();
        Assert.Equal("ridge", Experiment.Run(MiniRun.Quick, dataset, mini.Options() with { Resume = true }).Report.Method);
    }

    [Theory]
    [InlineData("validation 1", 5)]
    [InlineData("validation 1", 12)]
    [InlineData("training", 3)]
    public void ACancelledRunContinuesToTheSameResult(string phase, int step)
    {
        using var dataset = mini.Open();
        var whole = mini.Options();
        var expected = Experiment.Run(new CvscOptions(), dataset, whole).Report;
        using var source = new CancellationTokenSource();
        var cancelled = mini.Options() with
        {
            Cancellation = source.Token,
            Progress = new Reports(update =>
            {
                if (update.Phase == phase && update.Done == step) source.Cancel();
            }),
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Experiment.Run(new CvscOptions(), dataset, cancelled));
        Assert.False(File.Exists(Path.Combine(cancelled.Output, "report.json")));
        var resumed = Experiment.Run(new CvscOptions(), dataset, whole with { Output = cancelled.Output, Resume = true }).Report;
        Assert.Equal(expected.Metrics, resumed.Metrics);
        Assert.Equal(expected.Gamma, resumed.Gamma);
        Assert.Equal(Model(whole), Model(cancelled));
    }

    private static byte[] Model(RunOptions options) => File.ReadAllBytes(Path.Combine(options.Output, "model", "model.safetensors"));

    private static string[] Contents(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order().Select(f =>
            $"{f} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}")];

    private sealed class Reports(Action<ProgressUpdate> report) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => report(value);
    }
}
