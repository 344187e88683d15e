using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Experiments;
using Unseen.Reports;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>Whole runs on a tiny dataset: choose, train, score, write.</summary>
public sealed class ExperimentTests(MiniRun mini) : IClassFixture<MiniRun>
{
    private const double Tolerance = 1e-9;

    public static TheoryData<string, EvaluationProtocol> Runs => new(
        from method in MethodCatalog.All
        from protocol in Enum.GetValues<EvaluationProtocol>()
        select (method.Id, protocol));

    [Theory]
    [MemberData(nameof(Runs))]
    public void EveryMethodRunsUnderEveryProtocol(string id, EvaluationProtocol protocol)
    {
        using var dataset = mini.Open();
        var options = mini.Options(protocol) with { Seeds = [1, 2] };
        var result = Experiment.Run(MiniRun.Method(id), dataset, options);

        RequireComplete(result.Report, id, protocol);
        foreach (var file in new[] { "config.yaml", "report.json", "report.html", "log.txt", "model/model.json",
            "model/model.safetensors", "seed-1/report.json", "seed-2/report.json" })
            Assert.True(File.Exists(Path.Combine(options.Output, file)), file);
        Assert.Equal(result.Report.ToJson(), ZslReport.Read(Path.Combine(options.Output, "report.json")).ToJson());
        RequireStoredModel(dataset, result, options.Output);
    }

    [Theory]
    [InlineData("ridge")]
    [InlineData("eszsl")]
    [InlineData("sae")]
    public void ClosedFormsRecogniseClassesTheyHaveNeverSeen(string id)
    {
        using var dataset = mini.Open();
        var metrics = Experiment.Run(MiniRun.Method(id), dataset, mini.Options()).Report.Metrics;
        Assert.True(metrics.T1!.Mean > 0.6, $"T1 {metrics.T1.Mean} of chance 0.33");
        Assert.True(metrics.H!.Mean > 0.3, $"H {metrics.H.Mean}");
    }

    [Fact]
    public void TheMergedReportIsTheMeanOfItsSeeds()
    {
        using var dataset = mini.Open();
        var options = mini.Options() with { Seeds = [3, 8] };
        var report = Experiment.Run(MiniRun.Method("cvsc"), dataset, options).Report;
        var seeds = new[] { 3, 8 }.Select(s => ZslReport.Read(Path.Combine(options.Output, $"seed-{s}", "report.json"))).ToArray();
        Assert.Equal(seeds.Average(s => s.Metrics.H!.Mean), report.Metrics.H!.Mean, Tolerance);
        Assert.Equal(seeds.Average(s => s.Metrics.Ausuc!.Mean), report.Metrics.Ausuc!.Mean, Tolerance);
        Assert.Equal(Math.Abs(seeds[0].Metrics.T1!.Mean - seeds[1].Metrics.T1!.Mean) > 0, report.Metrics.T1!.Std > 0);
        Assert.All(seeds, s => Assert.Equal(report.Gamma.Value, s.Gamma.Value));               // chosen once, with the first seed
    }

    [Fact]
    public void TheSameSeedGivesTheSameModelFile()
    {
        using var dataset = mini.Open();
        byte[] Model(int seed)
        {
            var result = Experiment.Run(MiniRun.Method("cvsc"), dataset, mini.Options() with { Seed = seed });
            return File.ReadAllBytes(Path.Combine(result.ModelDirectory, "model.safetensors"));
        }
        Assert.Equal(Model(1), Model(1));
        Assert.NotEqual(Model(1), Model(2));
    }

    [Fact]
    public void TheChosenEpochsAreTrainedOnAllOfTrainval()
    {
        using var dataset = mini.Open();
        var options = mini.Options(epochs: 6);
        var report = Experiment.Run(MiniRun.Method("cvsc"), dataset, options).Report;
        var search = report.History.Where(h => h.Phase == "search").ToArray();
        var final = report.History.Where(h => h.Phase == "final").ToArray();
        Assert.Equal(6, search.Length);
        var best = search.MaxBy(h => h.H)!;
        Assert.Equal(best.Epoch, final.Length);
        Assert.Equal((best.U, best.S, best.H), (report.Validation!.U, report.Validation.S, report.Validation.H));
        var steps = dataset.Folder.ImagesOf(ImageSplit.Trainval).Length / 9;
        Assert.Equal(steps * final.Length, final[^1].Step);
        Assert.All(final, h => Assert.Null(h.H));                                              // the test images were not looked at
    }

    [Theory]
    [InlineData("cvsc")]
    [InlineData("ale")]
    [InlineData("ridge")]
    public void WithoutValidationNothingIsReportedOfIt(string method)
    {
        using var dataset = mini.Open();
        var report = Experiment.Run(MiniRun.Method(method), dataset, mini.Options(EvaluationProtocol.Published, epochs: 3)).Report;
        Assert.Null(report.Validation);
        Assert.DoesNotContain("validationSeconds", report.Timing.Keys);
        Assert.Equal(method == "ridge" ? [] : [("final", 1), ("final", 2), ("final", 3)], report.History.Select(h => (h.Phase, h.Epoch)));
        Assert.All(report.History, h => Assert.NotNull(h.H));                                  // on the test images, as the authors' codes do
    }

    [Fact]
    public void AllFoldsAreUsedWhenAsked()
    {
        using var dataset = mini.Open();
        var options = mini.Options() with { AllFolds = true };
        Experiment.Run(MiniRun.Method("cvsc"), dataset, options);
        var phases = File.ReadAllLines(Path.Combine(options.Output, "metrics.jsonl")).Select(l => l.Split('"')[3]).Distinct();
        Assert.Equal(["validation 1", "validation 2", "training"], phases);
    }

    [Fact]
    public void AReportNamesSemanticsPresetAndConfiguration()
    {
        using var dataset = mini.Open();
        var result = Experiment.Run(MiniRun.Method("ridge"), dataset, mini.Options());
        var report = result.Report;
        Assert.Equal(("attributes", "default"), (report.Semantics, report.Preset));
        Assert.Matches("^[0-9a-f]{64}$", report.Configuration);
        var rescored = Rescoring.Run(result.ModelDirectory, dataset, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((report.Semantics, report.Preset, report.Configuration), (rescored.Semantics, rescored.Preset, rescored.Configuration));
        Assert.Contains("class semantics: attributes", report.ToString(), StringComparison.Ordinal);
        Assert.Contains(report.Configuration!, File.ReadAllText(result.Directory.HtmlPath), StringComparison.Ordinal);

        var seeds = Experiment.Run(MiniRun.Method("ridge"), dataset, mini.Options() with { Seeds = [4, 5] }).Report;
        Assert.Equal(report.Configuration, seeds.Configuration);
        var other = Experiment.Run(MiniRun.Quick, dataset, mini.Options()).Report;
        Assert.NotEqual(report.Configuration, other.Configuration);
        Assert.Null(other.Preset);
    }

    [Fact]
    public void AModelRemembersTheWeightsOfItsStores()
    {
        using var dataset = mini.OpenWithSecondStore([0.25, 1]);
        var result = Experiment.Run(MiniRun.Method("cvsc"), dataset, mini.Options());
        using var again = Rescoring.OpenDataset(
            ModelFolder.ReadRecord(result.ModelDirectory), dataset.Folder.Path, [.. dataset.Features.Stores.Select(s => s.Path)]);
        Assert.Equal([0.25, 1], again.Features.Weights);
        Assert.Equal(result.Report.Metrics, Rescoring.Run(result.ModelDirectory, again, cancellation: TestContext.Current.CancellationToken).Metrics);
    }

    [Fact]
    public void APresetRunsWithItsTrainingSettings()
    {
        using var dataset = mini.Open();
        var recipe = MethodCatalog.Find("msdn").Recipe!;
        var preset = new MethodPreset("mine", "Two epochs of 7 images", MiniRun.Method("msdn"),
            new TrainingOptions { Epochs = 2, BatchSize = 7, Momentum = 0 });
        TrainingOptions Stored(TrainingOptions training)
        {
            var options = new RunOptions { Training = training, Output = mini.NewFolder() };
            Experiment.Run(preset, dataset, options);
            return Unseen.Experiments.Configuration.ExperimentConfigLoader.Load(Unseen.Experiments.Configuration.ConfigDocument.Load(Path.Combine(options.Output, "config.yaml"))).Training;
        }
        var whole = recipe with { Epochs = 2, BatchSize = 7, Momentum = 0 };
        Assert.Equal(whole.ToOptions(), Stored(new()));
        Assert.Equal((whole with { BatchSize = 9 }).ToOptions(), Stored(new() { BatchSize = 9 }));   // the run's own settings win

        var options = new RunOptions { Output = mini.NewFolder() };
        var closed = Experiment.Run(new MethodPreset("quick", "A closed form", MiniRun.Quick), dataset, options).Report;
        Assert.Equal(Experiment.Run(MiniRun.Quick, dataset, mini.Options() with { Training = new() }).Report.Metrics, closed.Metrics);
    }

    private static void RequireComplete(ZslReport report, string id, EvaluationProtocol protocol)
    {
        var clean = protocol == EvaluationProtocol.Clean;
        Assert.Equal((id, "Mini", protocol), (report.Method, report.Dataset, report.Protocol));
        Assert.Equal([1, 2], report.Seeds);
        Assert.Equal("tiny.safetensors", Assert.Single(report.Features).Name);
        var m = report.Metrics;
        Assert.All(new[] { m.T1, m.U, m.S, m.H, m.Ausuc, m.MicroU, m.MicroS }, value => Assert.InRange(value!.Mean, 0, 1));
        Assert.Equal(!clean, report.TestSelected);
        Assert.Equal(clean ? "validation" : "fixed", report.Gamma.ChosenOn);
        Assert.Equal(clean, report.Validation is not null);
        if (!clean) Assert.Equal(0, report.Gamma.Value);
        Assert.Equal(MethodCatalog.Find(id).UsesUnseenSemantics, report.UnseenVectorsUsedInTraining);
        Assert.Equal(12, report.Classes.Count);
        Assert.Equal(MiniRun.Method(id) is not Unseen.Models.Generative.GenerativeOptions, report.SemanticError is not null);   // they predict no attributes
        var hasAttention = id is "cvsc" or "msdnpp" or "msdn" or "dazle";
        Assert.Equal((hasAttention, hasAttention), (report.PointingGame is not null, report.AttributeFeatures is not null));
        Assert.Equal(id is "mlis" or "ce-gzsl", report.RefinedFeatures is not null);
        Assert.Equal(id == "duet", report.Prompts is not null);
        Assert.Contains("torch", report.Environment.Keys);
        Assert.Contains("trainingSeconds", report.Timing.Keys);
    }

    /// <summary>The figures of the first seed come out again when its stored model scores the test images.</summary>
    private static void RequireStoredModel(ZslDataset dataset, RunResult result, string output)
    {
        var record = ModelFolder.ReadRecord(result.ModelDirectory);
        using var model = ModelFolder.Load(result.ModelDirectory, record);
        var problem = dataset.TestProblem();
        var curve = StackingCurve.Compute(Scoring.Score(model, problem, problem.Evaluation, cancellation: CancellationToken.None));
        var expected = ZslReport.Read(Path.Combine(output, "seed-1", "report.json"));
        Assert.Equal(expected.Metrics, ReportMetrics.Of(curve, record.Selection.Gamma));
        Assert.Equal(expected.Metrics, record.Metrics);
        Assert.Equal(dataset.Folder.Classes.Select(c => c.Name), record.Classes.Select(c => c.Name));
        Assert.Equal(dataset.Folder.Attributes.Select(a => a.Name), record.Attributes.Select(a => a.Name));
    }
}
