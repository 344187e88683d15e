using System.Xml.Linq;
using Unseen.Reports;
using Unseen.Reports.Plots;
using Xunit;

namespace Unseen.Tests.Reports;

public sealed class FeaturePicturePlotTests
{
    [Fact]
    public void Every_image_has_a_mark_of_its_class()
    {
        var svg = Svg(With([0.5, 0.25], new("wren", false, [1, 2], [3, 4]), new("<jay>", true, [0], [0]), new("owl", true, [4, 4, 4], [1, 2, 3])));
        var groups = svg.Descendants().Where(e => Class(e).StartsWith("points ", StringComparison.Ordinal)).ToList();
        Assert.Equal(["<jay>", "owl", "wren"], groups.Select(g => g.Elements().First().Value));          // seen ones first
        Assert.Equal(["points f0", "points f1", "points f0"], groups.Select(Class));
        Assert.Equal([(1, 0), (3, 0), (0, 2)], groups.Select(g => (Count(g, "circle"), Count(g, "path"))));
        Assert.Equal("Attribute-based visual features, 75.0 % of their variance", svg.Attribute("aria-label")!.Value.Split(". ")[0]);
        var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
        Assert.Superset(new HashSet<string> { "<jay>", "owl", "wren", "seen classes (circles)", "unseen classes (triangles)",
            "first principal component, 50.0 % of the variance", "second component, 25.0 %" }, texts.ToHashSet());
    }

    /// <summary>The frame goes from 0 to 4 and from 0 to 3: jay at its lower left corner, the last owl at its upper right one.</summary>
    [Fact]
    public void Marks_stand_where_the_numbers_say()
    {
        var circles = Svg(With([0.5, 0.25], new("jay", true, [0], [0]), new("owl", true, [4], [3]))).Descendants()
            .Where(e => e.Name.LocalName == "circle" && Class(e.Parent!).StartsWith("points ", StringComparison.Ordinal))
            .Select(e => (double.Parse(e.Attribute("cx")!.Value, System.Globalization.CultureInfo.InvariantCulture),
                double.Parse(e.Attribute("cy")!.Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal([(PlotFrame.Left, PlotFrame.Height - PlotFrame.Bottom), (PlotFrame.Width - PlotFrame.Right, PlotFrame.Top)], circles);
    }

    [Fact]
    public void Ten_classes_of_a_kind_have_ten_colours()
    {
        var groups = Svg(With([1, 0], [.. Enumerable.Range(0, 10).Select(i => new ReportPlacedClass($"c{i}", true, [i], [i]))])).Descendants()
            .Where(e => Class(e).StartsWith("points ", StringComparison.Ordinal)).Select(Class).ToList();
        Assert.Equal(10, groups.Distinct().Count());
        Assert.All(groups, g => Assert.Contains($".plot .{g.Split(' ')[1]}{{fill:", Plot.Style, StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_that_do_not_fit_give_no_plot()
    {
        Assert.Null(FeaturePicturePlot.OfAttributes(SampleReports.Create() with { AttributeFeatures = null }));
        Assert.Null(FeaturePicturePlot.OfAttributes(With([0.5], new ReportPlacedClass("jay", true, [1], [1]))));
        Assert.Null(FeaturePicturePlot.OfAttributes(With([0.5, 0.5], new ReportPlacedClass("jay", true, [1], []))));
        Assert.Null(FeaturePicturePlot.OfAttributes(With([0.5, 0.5], new ReportPlacedClass("jay", true, [], []))));
        Assert.Null(FeaturePicturePlot.OfAttributes(With([0.5, 0.5])));
    }

    [Fact]
    public void A_report_from_before_the_picture_is_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            var old = (SampleReports.Create() with { AttributeFeatures = null }).ToJson();
            Assert.DoesNotContain("attributeFeatures", old, StringComparison.Ordinal);
            File.WriteAllText(path, old);
            Assert.Null(ZslReport.Read(path).AttributeFeatures);
        }
        finally { File.Delete(path); }
    }

    private static ZslReport With(double[] explained, params ReportPlacedClass[] classes) =>
        SampleReports.Create() with { AttributeFeatures = new(explained, classes) };

    private static XElement Svg(ZslReport report) => XDocument.Parse(FeaturePicturePlot.OfAttributes(report)!.File).Root!;

    private static string Class(XElement element) => element.Attribute("class")?.Value ?? "";

    private static int Count(XElement group, string marker) => group.Elements().Count(e => e.Name.LocalName == marker);
}
