using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Experiments;
using Unseen.Models.Cvsc;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>Datasets of an engineer: no pictures of the unseen classes, few classes; and what validation may see.</summary>
public sealed class SmallDatasetTests(MiniRun mini) : IClassFixture<MiniRun>
{
    [Theory]
    [InlineData("cvsc")]
    [InlineData("eszsl")]
    public void WithoutUnseenPicturesTheReportShowsValidation(string id)
    {
        using var dataset = mini.OpenChanged(WithoutUnseenPictures);
        var report = Experiment.Run(MiniRun.Method(id), dataset, mini.Options()).Report;
        Assert.NotNull(report.Validation);
        Assert.NotNull(report.Metrics.S);
        Assert.Equal((null, null, null, null), (report.Metrics.T1, report.Metrics.U, report.Metrics.H, report.Metrics.Ausuc));
        Assert.Contains("null", report.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cvsc")]
    [InlineData("sae")]
    public void WithoutAnyTestPictureAModelIsTrainedAllTheSame(string id)
    {
        using var dataset = mini.OpenChanged(folder =>
        {
            MiniRun.Keep(folder, "images.csv", line => line.EndsWith("trainval", StringComparison.Ordinal));
            File.Delete(Path.Combine(folder, "parts.csv"));
        });
        var result = Experiment.Run(MiniRun.Method(id), dataset, mini.Options());
        Assert.Null(result.Report.Metrics.S);
        Assert.NotNull(result.Report.Validation);
        using var model = ModelFolder.Load(result.ModelDirectory, ModelFolder.ReadRecord(result.ModelDirectory));
        Assert.NotEmpty(model.State);
    }

    [Fact]
    public void ThePublishedProtocolNeedsTestPictures()
    {
        using var dataset = mini.OpenChanged(WithoutUnseenPictures);
        Assert.Equal("The published protocol chooses on the test images, but Mini has none in split test_unseen. " +
            "Use --protocol clean, which chooses on validation classes.", Assert.Throws<ConfigurationException>(() =>
            Experiment.Run(new CvscOptions(), dataset, mini.Options(EvaluationProtocol.Published))).Message);
    }

    [Theory]
    [InlineData("cvsc")]
    [InlineData("ridge")]
    public void FewClassesMeanGammaZeroAndSaySo(string id)
    {
        using var dataset = mini.OpenChanged(FiveSeenClasses);
        var options = mini.Options();
        var report = Experiment.Run(MiniRun.Method(id), dataset, options).Report;
        Assert.Equal((0.0, "fixed", null), (report.Gamma.Value, report.Gamma.ChosenOn, report.Gamma.Quantile));
        Assert.Null(report.Validation);
        Assert.NotNull(report.Metrics.H);
        Assert.Contains("fewer than 6 seen classes and no validation column: gamma 0", File.ReadAllText(Path.Combine(options.Output,
            "log.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void ValidationSeesNeitherTestImagesNorUnseenClasses()
    {
        using var dataset = mini.Open();
        var unseen = dataset.Folder.Classes.Where(c => !c.Seen).Select(c => c.Name).ToHashSet();
        for (var fold = 0; fold < ValidationSplit.FoldCount(dataset.Folder); fold++)
        {
            var problem = dataset.ValidationProblem(ValidationSplit.Create(dataset.Folder, fold, 1)!);
            Assert.Equal(9, problem.Classes);
            Assert.DoesNotContain(problem.Semantics.ClassNames, unseen.Contains);
            Assert.All(problem.Train.Images.Concat(problem.Evaluation.Images),
                i => Assert.Equal(ImageSplit.Trainval, dataset.Folder.Images[i].Split));
            Assert.Empty(problem.Train.Images.Intersect(problem.Evaluation.Images));
            Assert.All(problem.Train.Labels, label => Assert.True(problem.SeenClass[label]));
            Assert.Contains(problem.Evaluation.Labels, label => problem.SeenClass[label]);
            Assert.Contains(problem.Evaluation.Labels, label => !problem.SeenClass[label]);
            foreach (var (image, label) in problem.Train.Images.Zip(problem.Train.Labels).Concat(problem.Evaluation.Images.Zip(problem.Evaluation.Labels)))
                Assert.Equal(dataset.Folder.Classes[dataset.Folder.Images[image].Class].Name, problem.Semantics.ClassNames[label]);
        }
    }

    [Fact]
    public void TheTestProblemHoldsAllClassesAndBothTestSets()
    {
        using var dataset = mini.Open();
        var problem = dataset.TestProblem();
        Assert.Equal(dataset.Folder.Classes.Select(c => c.Name), problem.Semantics.ClassNames);
        Assert.Equal(dataset.Folder.ImagesOf(ImageSplit.Trainval), problem.Train.Images);
        Assert.Equal(dataset.Folder.Images.Count(i => i.Split != ImageSplit.Trainval), problem.Evaluation.Count);
        Assert.Equal(3, problem.UnseenClasses.Length);
    }

    private static void WithoutUnseenPictures(string folder)
    {
        MiniRun.Keep(folder, "images.csv", line => !line.StartsWith("unseen", StringComparison.Ordinal));
        MiniRun.Keep(folder, "parts.csv", line => !line.StartsWith("unseen", StringComparison.Ordinal));
    }

    private static void FiveSeenClasses(string folder)
    {
        bool Kept(string line) => !line.StartsWith("seen-", StringComparison.Ordinal) || line[6] < '5';
        foreach (var file in new[] { "classes.csv", "class_attributes.csv", "images.csv", "parts.csv" }) MiniRun.Keep(folder, file, Kept);
        var classes = Path.Combine(folder, "classes.csv");
        File.WriteAllLines(classes, File.ReadAllLines(classes).Select(line => string.Join(',', line.Split(',').Take(2))));
    }
}
