using Unseen.Evaluation;
using Unseen.Reports;
using Xunit;

namespace Unseen.Tests.Reports;

public sealed class ReportMergeTests
{
    private static ZslReport WithH(int seed, double? h) => SampleReports.Create(seed: seed) with
    {
        Metrics = new() { H = MeanStd.Of(h) },
        Validation = new(null, null, h),
        Timing = new Dictionary<string, double> { ["training"] = seed },
    };

    [Fact]
    public void Mean_and_sample_deviation_over_seeds()
    {
        var merged = ReportMerge.Merge([WithH(1, 0.5), WithH(2, 0.6), WithH(4, 0.7)]);
        Assert.Equal(0.6, merged.Metrics.H!.Mean, 1e-12);
        Assert.Equal(0.1, merged.Metrics.H.Std, 1e-12);    // sqrt((0.01 + 0 + 0.01) / 2)
        Assert.Null(merged.Metrics.T1);
        Assert.Equal([1, 2, 4], merged.Seeds);
        Assert.Equal(0.6, merged.Validation!.H!.Value, 1e-12);
        Assert.Equal(7 / 3.0, merged.Timing["training"], 1e-12);
    }

    [Fact]
    public void Every_section_is_merged()
    {
        ZslReport a = SampleReports.Create(seed: 1), b = SampleReports.Create(seed: 2);
        b = b with { Prompts = [new("bill", 30, 0.1, 0.35, 0.2, 0), new("all", 30, 0.1, 0.35, 0.2, 0)] };
        b = b with { PointingGame = new(1, new("all", 10, 0.1, 0.2, 0.1), [new("bill", 10, 0.1, 0.2, 0.1)]) };
        var merged = ReportMerge.Merge([a, b]);
        Assert.Equal((a.Calibrations!.Oracle.H!.Mean + b.Calibrations!.Oracle.H!.Mean) / 2, merged.Calibrations!.Oracle.H!.Mean, 1e-12);
        Assert.Equal((a.Classes[3].Accuracy + b.Classes[3].Accuracy) / 2, merged.Classes[3].Accuracy!.Value);
        Assert.Equal(a.Confusion!.Counts![2][5] + b.Confusion!.Counts![2][5], merged.Confusion!.Counts![2][5]);
        Assert.Equal(a.Confusion.Counts.Sum(r => r.Sum()) * 2, merged.Confusion.Counts.Sum(r => r.Sum()));
        Assert.Equal(new("all", 40, (30 * 0.7 + 10 * 0.1) / 40, 0.2, 0.1), Rounded(merged.PointingGame!.Overall));
        Assert.Equal(20, merged.PointingGame.Groups[0].Judged);
        Assert.Equal(["bill", "all"], merged.Prompts!.Select(p => p.Group));
        var bill = merged.Prompts![0];
        Assert.Equal((40, 0.2, 0.45, 0.2, 0.1), (bill.Judged, Math.Round(bill.First, 12), Math.Round(bill.AmongThree, 12), Math.Round(bill.Chance, 12), Math.Round(bill.Common, 12)));
        Assert.Equal(a.SemanticError!.MeanSeen!.Value, merged.SemanticError!.MeanSeen!.Value, 1e-12);
        Assert.Equal(0.75, merged.Gamma.Value);
        Assert.Same(a.AttributeFeatures, merged.AttributeFeatures);
    }

    [Fact]
    public void Variants_are_merged_by_name()
    {
        ZslReport Run(int seed) =>
            SampleReports.Create(seed: seed) with { Variants = [SampleReports.Create(seed: seed, variant: "small")] };
        var merged = ReportMerge.Merge([Run(1), Run(2)]);
        Assert.Equal([1, 2], Assert.Single(merged.Variants).Seeds);
    }

    [Fact]
    public void One_report_stays_as_it_is()
    {
        var report = SampleReports.Create();
        Assert.Same(report, ReportMerge.Merge([report]));
    }

    [Fact]
    public void Nothing_to_merge_is_refused() =>
        Assert.Equal("Merging reports needs at least one report, found none.",
            Assert.Throws<ConfigurationException>(() => ReportMerge.Merge([])).Message);

    [Fact]
    public void Reports_of_different_experiments_are_refused_with_every_reason()
    {
        var other = SampleReports.Create("sje", seed: 1) with { Dataset = "SUN", Protocol = EvaluationProtocol.Published, Semantics = "sentences", Configuration = "ab" };
        Assert.Equal(
            [
                "Report 2 cannot be merged with the first: method 'sje', expected 'cvsc'.",
                "Report 2 cannot be merged with the first: dataset 'SUN', expected 'SketchBirds'.",
                "Report 2 cannot be merged with the first: class semantics 'sentences', expected ''.",
                "Report 2 cannot be merged with the first: another configuration.",
                "Report 2 cannot be merged with the first: protocol Published, expected Clean.",
                "Seed 1 appears 2 times; merge each seed once.",
            ],
            Assert.Throws<ConfigurationException>(() => ReportMerge.Merge([SampleReports.Create(), other])).Errors);
    }

    private static PointingGameRow Rounded(PointingGameRow row) => row with
    {
        HitRate = Math.Round(row.HitRate, 12),
        Chance = Math.Round(row.Chance, 12),
        Centre = Math.Round(row.Centre, 12),
    };
}
