using Unseen.Classification;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Models.Linear;
using Unseen.Reports;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Experiments;
using Xunit;

namespace Unseen.Tests.Classification;

/// <summary>Classes of real birds that are taken out of a trained model and put back by their lines of the dataset's own table.</summary>
public sealed class Cub127ClassesTests : IDisposable
{
    private const int Out = 10;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Ten_unseen_classes_that_leave_and_come_back_by_their_rows_change_no_figure()
    {
        var (path, features) = RealBirds.Take(folder, seen: 12, unseen: 12, imagesPerSplit: 4);
        using var dataset = ZslDataset.Open(path, features: [features]);
        var options = new EszslOptions { FeatureNormalisations = [FeatureNormalisation.L2], AttributeNormalisations = [AttributeNormalisation.L2] };
        var model = Experiment.Run(options, dataset, new() { Output = folder.File("run"), Cancellation = TestContext.Current.CancellationToken }).ModelDirectory;
        var before = Score(model, dataset);

        var classes = ModelClasses.Open(model);
        var gone = classes.Record.Classes.Where(c => !c.Seen).Take(Out).Select(c => c.Name).ToHashSet();
        foreach (var name in gone) classes.Remove(name);
        classes.Save();
        Assert.Equal(12 + 12 - Out, ModelClasses.Open(model).Record.Classes.Count);

        var rows = folder.File("ten.csv");
        File.WriteAllLines(rows, File.ReadLines(Path.Combine(path, "class_attributes.csv")).Where((line, i) => i == 0 || gone.Contains(line.Split(',')[0])));
        var back = ModelClasses.Open(model);
        Assert.All(back.Import(rows), added => Assert.Equal((312, 0, false), (added.Given, added.Filled, added.Seen)));
        back.Save();
        AssertSame(before, Score(model, dataset));
    }

    private static ZslReport Score(string model, ZslDataset dataset) =>
        Rescoring.Run(model, dataset, cancellation: TestContext.Current.CancellationToken);

    /// <summary>Classes are added up in another order now: figures that are means over them may differ in the last bit.</summary>
    private static void AssertSame(ZslReport before, ZslReport after)
    {
        const double rounding = 1e-14;
        Assert.Equal(before.Metrics.T1!.Mean, after.Metrics.T1!.Mean, rounding);
        Assert.Equal(before.Metrics.U!.Mean, after.Metrics.U!.Mean, rounding);
        Assert.Equal(before.Metrics.S!.Mean, after.Metrics.S!.Mean, rounding);
        Assert.Equal(before.Metrics.Ausuc!.Mean, after.Metrics.Ausuc!.Mean, rounding);
        Assert.Equal(before.Classes.OrderBy(c => c.Class, StringComparer.Ordinal), after.Classes.OrderBy(c => c.Class, StringComparer.Ordinal));
    }
}
