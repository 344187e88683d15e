using System.Xml.Linq;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Explanation;
using Unseen.Models;
using Unseen.Models.Msdn;
using Unseen.Reports;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Experiments;

/// <summary>The picture of attribute-based visual features, from attention to the run folder.</summary>
public sealed class FeaturePictureTests(MiniRun mini) : IClassFixture<MiniRun>
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void Images_are_spread_evenly()
    {
        Assert.Equal([0, 2, 5, 7, 10, 12, 15, 17, 20, 22], FeaturePicture.Spread([.. Enumerable.Range(0, 25)], 10));
        Assert.Equal([4, 9, 1], FeaturePicture.Spread([4, 9, 1], 10));
        Assert.Empty(FeaturePicture.Spread([], 10));
    }

    /// <summary>Naive loops build every F_k of every image; the classes and images are named by hand.</summary>
    [Fact]
    public void Features_are_attended_regions_averaged_over_attributes()
    {
        const int attributes = 5, regions = 4, visual = 6;
        var problem = TinyProblem.Create(seen: 12, unseen: 2, attributes: attributes, regions: regions, visual: visual, perClass: 40);
        var (count, random) = (problem.Evaluation.Count, new Random(2));
        var attention = Enumerable.Range(0, count * attributes * regions).Select(_ => random.NextSingle()).ToArray();
        using var scope = NewDisposeScope();
        var maps = tensor(attention).reshape(count, attributes, regions);
        var features = new FeaturePicture(problem);
        foreach (var (start, length) in new[] { (0, 7), (7, count - 7) }) features.Add(maps.narrow(0, start, length), start);
        var report = features.Report()!;

        string[] names = [.. new[] { 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 13 }.Select(c => problem.Semantics.ClassNames[c])];
        Assert.Equal(names, report.Classes.Select(c => c.Class));
        Assert.Equal([.. Enumerable.Repeat(true, 10), false, false], report.Classes.Select(c => c.Seen));
        Assert.Equal([.. Enumerable.Repeat(2, 10), 30, 30], report.Classes.Select(c => c.X.Count));
        var rows = report.Classes.SelectMany(c => Rows(problem, c.Class)).ToArray();
        var expected = rows.SelectMany(row => Naive(problem, row, attention.AsSpan(row * attributes * regions, attributes * regions), visual));
        RequirePlaces(tensor(expected.ToArray()).reshape(rows.Length, visual), report);
    }

    [Fact]
    public void Two_images_make_no_picture()
    {
        var problem = TinyProblem.Create();
        problem = problem with { Evaluation = new LabelledImages(problem.Evaluation.Images[..2], problem.Evaluation.Labels[..2]) };
        var features = new FeaturePicture(problem);
        using var attention = ones(2, 8, 4) / 4;
        features.Add(attention, 0);
        Assert.Null(features.Report());
    }

    [Theory]
    [InlineData("msdnpp")]
    [InlineData("cvsc")]
    public void A_run_with_attention_has_the_picture(string id)
    {
        using var dataset = mini.Open();
        var options = mini.Options(epochs: 2) with { Seeds = [1, 2] };
        var result = Experiment.Run(MiniRun.Method(id), dataset, options);

        var features = result.Report.AttributeFeatures!;
        Assert.Equal((9, 3), (features.Classes.Count(c => c.Seen), features.Classes.Count(c => !c.Seen)));
        Assert.Equal([.. Enumerable.Repeat(1, 9), 8, 8, 8], features.Classes.Select(c => c.X.Count));
        Assert.InRange(features.Explained.Sum(), 0.01, 1.0001);
        var svg = XDocument.Load(Path.Combine(options.Output, "plots", "attribute-features.svg"));
        var groups = svg.Descendants().Where(e => e.Attribute("class")?.Value.StartsWith("points ", StringComparison.Ordinal) ?? false).ToList();
        Assert.Equal((9, 24), (Count(groups, "circle"), Count(groups, "path")));
        Assert.Contains("Attribute-based visual features", File.ReadAllText(Path.Combine(options.Output, "report.html")), StringComparison.Ordinal);
        var first = ZslReport.Read(Path.Combine(options.Output, "seed-1", "report.json")).AttributeFeatures!;
        Assert.Equal(first.Classes.SelectMany(c => c.X), features.Classes.SelectMany(c => c.X));
        var again = Rescoring.Run(result.ModelDirectory, dataset, cancellation: TestContext.Current.CancellationToken).AttributeFeatures!;
        Assert.Equal(first.Classes.SelectMany(c => c.Y), again.Classes.SelectMany(c => c.Y));
    }

    /// <summary>The features of the model itself, all attributes built, averaged afterwards.</summary>
    [Fact]
    public void The_picture_shows_what_the_model_calls_its_attribute_based_features()
    {
        using var dataset = mini.Open();
        var result = Experiment.Run(new MsdnPlusPlusOptions(), dataset, mini.Options(epochs: 3));
        using var model = (MutualAttentionModel)ModelFolder.Load(result.ModelDirectory, ModelFolder.ReadRecord(result.ModelDirectory));
        var problem = dataset.TestProblem();
        var rows = result.Report.AttributeFeatures!.Classes.SelectMany(c => Rows(problem, c.Class)).ToArray();
        using var scope = NewDisposeScope();
        using var batch = FeatureBatches.Gather(problem.Features, FeatureKind.Regions,
            Array.ConvertAll(rows, r => problem.Evaluation.Images[r]), Array.ConvertAll(rows, r => problem.Evaluation.Labels[r]));
        RequirePlaces(model.AttributeBasedFeatures(batch.Features)!.mean([1L]), result.Report.AttributeFeatures);
    }

    /// <summary>relu(x W + b) of the scaled feature, from the stored tensors.</summary>
    [Fact]
    public void The_picture_of_MLIS_shows_what_its_encoder_makes_of_the_features()
    {
        using var dataset = mini.Open();
        var options = mini.Options(epochs: 1);
        var result = Experiment.Run(MiniRun.Method("mlis"), dataset, options);
        using var model = ModelFolder.Load(result.ModelDirectory, ModelFolder.ReadRecord(result.ModelDirectory));
        var problem = dataset.TestProblem();
        var rows = result.Report.RefinedFeatures!.Classes.SelectMany(c => Rows(problem, c.Class)).ToArray();
        using var scope = NewDisposeScope();
        using var batch = FeatureBatches.Gather(problem.Features, FeatureKind.Global,
            Array.ConvertAll(rows, r => problem.Evaluation.Images[r]), Array.ConvertAll(rows, r => problem.Evaluation.Labels[r]));
        var output = model.Forward(batch.Features);
        RequirePlaces(output.RefinedFeatures!, result.Report.RefinedFeatures);
        var scores = output.RefinedFeatures!.mm(model.State["classifier/weight"]) + model.State["classifier/bias"];
        Assert.True(scores.allclose(output.ClassScores));
        Assert.True(File.Exists(Path.Combine(options.Output, "plots", "refined-features.svg")));
    }

    [Fact]
    public void A_run_without_attention_has_none()
    {
        using var dataset = mini.Open();
        var options = mini.Options();
        Assert.Null(Experiment.Run(MiniRun.Method("eszsl"), dataset, options).Report.AttributeFeatures);
        Assert.True(File.Exists(Path.Combine(options.Output, "plots", "per-class-accuracy.svg")));
        Assert.False(File.Exists(Path.Combine(options.Output, "plots", "attribute-features.svg")));
        Assert.DoesNotContain("attributeFeatures", File.ReadAllText(Path.Combine(options.Output, "report.json")), StringComparison.Ordinal);
    }

    private static int Count(IEnumerable<XElement> groups, string marker) => groups.Sum(g => g.Elements().Count(e => e.Name.LocalName == marker));

    /// <summary>Rows of the evaluation images of a class: the first 30 of 40 would be 0..29, spread they skip every fourth.</summary>
    private static IEnumerable<int> Rows(ZslProblem problem, string name)
    {
        var id = problem.Semantics.ClassNames.Index().First(c => c.Item == name).Index;
        var all = Enumerable.Range(0, problem.Evaluation.Count).Where(r => problem.Evaluation.Labels[r] == id).ToArray();
        return all.Length == 40 ? all.Where((_, i) => i % 4 != 3) : all;
    }

    private static float[] Naive(ZslProblem problem, int row, ReadOnlySpan<float> attention, int visual)
    {
        var regions = new float[problem.Features.Regions * visual];
        problem.Features.ReadRegions(problem.Evaluation.Images[row], regions);
        var attributes = attention.Length / problem.Features.Regions;
        var mean = new float[visual];
        for (var k = 0; k < attributes; k++)
            for (var v = 0; v < visual; v++)
            {
                var feature = 0f;
                for (var r = 0; r < problem.Features.Regions; r++)
                    feature += attention[k * problem.Features.Regions + r] * regions[r * visual + v];
                mean[v] += feature / attributes;
            }
        return mean;
    }

    private static void RequirePlaces(Tensor features, ReportFeaturePicture report)
    {
        var components = PrincipalComponents.Compute(features, 2);
        Close(components.Places[0], report.Classes.SelectMany(c => c.X));
        Close(components.Places[1], report.Classes.SelectMany(c => c.Y));
        Assert.Equal(components.Shares[0], report.Explained[0], 1e-3);
        Assert.Equal(components.Shares[1], report.Explained[1], 1e-3);
    }

    private static void Close(double[] expected, IEnumerable<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
}
