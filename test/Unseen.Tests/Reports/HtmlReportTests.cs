using System.Text.RegularExpressions;
using System.Xml.Linq;
using Unseen.Reports;
using Xunit;

namespace Unseen.Tests.Reports;

public sealed partial class HtmlReportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("unseen-html").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Page_is_well_formed_and_loads_nothing()
    {
        ZslReport[] reports = [SampleReports.Create(), SampleReports.Create("sje", seed: 2)];
        var html = HtmlReport.Render(new(reports) { Gallery = [new([1, 2], "wing")] });
        Assert.NotEmpty(Body(html).Descendants("table"));
        Assert.DoesNotMatch(ExternalReference(), html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.DoesNotContain("<script", html);
    }

    [Fact]
    public void Every_picture_has_an_alternative_text_and_every_table_a_caption()
    {
        var body = Body(HtmlReport.Render(new([SampleReports.Create()]) { Gallery = [new([1, 2], "Attention of blue wing")] }));
        Assert.All(body.Descendants("table"), table => Assert.NotNull(table.Element("caption")));
        var pictures = body.Descendants().Where(e => e.Name.LocalName == "svg").ToList();
        Assert.Equal(7, pictures.Count);    // loss, validation, curve, classes, confusion, semantic error, attribute features
        Assert.All(pictures, svg => Assert.True(svg.Attribute("aria-label")!.Value.Length > 20));
        Assert.Equal("Attention of blue wing", Assert.Single(body.Descendants("img")).Attribute("alt")!.Value);
        Assert.Single(body.Descendants("h1"));
    }

    [Fact]
    public void Untrusted_text_stays_text()
    {
        const string attack = "<script>alert('x')</script>\"&\u0001{0}";
        var names = Enumerable.Range(0, 12).Select(i => attack + i).ToArray();
        var report = SampleReports.Create(attack, names: names) with
        {
            Dataset = attack,
            Environment = new Dictionary<string, string> { [attack] = attack },
            Variants = [SampleReports.Create(attack, variant: attack, names: names)],
        };
        var model = new HtmlReportModel([report]) { Title = attack, Introduction = attack, Gallery = [new([1], attack)] };
        var html = HtmlReport.Render(model);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)", html);
        Assert.StartsWith("<script>alert('x')</script>\"&\uFFFD{0}", Body(html).Descendants("h1").Single().Value);
        Assert.All(HtmlReport.WritePlots(folder, model), path => XDocument.Load(path));
    }

    [Fact]
    public void Plots_are_written_as_files()
    {
        var paths = HtmlReport.WritePlots(folder, new([SampleReports.Create()]));
        string[] names =
        [
            "training-loss", "validation-accuracy", "seen-unseen-curve", "per-class-accuracy", "confusion", "semantic-error",
            "attribute-features",
        ];
        Assert.Equal(names.Select(name => name + ".svg"),
            paths.Select(Path.GetFileName));
        Assert.All(paths, path => Assert.Equal("svg", XDocument.Load(path).Root!.Name.LocalName));
        var several = HtmlReport.WritePlots(folder, new([SampleReports.Create(), SampleReports.Create("../sje")]));
        Assert.All(several, path => Assert.Equal(folder, Path.GetDirectoryName(path)));
        Assert.Contains(several, path => path.EndsWith("2----sje-confusion.svg", StringComparison.Ordinal));
        Assert.Contains(several, path => path.EndsWith("seen-unseen-curves.svg", StringComparison.Ordinal));
    }

    [Fact]
    public void Reports_without_test_pictures_or_history_show_the_validation()
    {
        var bare = SampleReports.Create() with
        {
            Metrics = new(),
            Calibrations = null,
            Classes = [],
            History = [],
            Curve = [],
            Confusion = null,
            SemanticError = null,
            PointingGame = null,
            Prompts = null,
            AttributeFeatures = null,
        };
        var html = HtmlReport.Render(new([bare]));
        Assert.DoesNotContain(Body(html).Descendants(), e => e.Name.LocalName == "svg");
        Assert.Contains("H was <strong>66 %</strong>", html);
    }

    [Fact]
    public void Matrices_that_do_not_fit_are_left_out()
    {
        var report = SampleReports.Create();
        report = report with
        {
            Confusion = report.Confusion! with { Counts = [[1, 2], [3]] },
            SemanticError = report.SemanticError! with { Errors = [[1]] },
            AttributeFeatures = report.AttributeFeatures! with { Explained = [1] },
        };
        Assert.Equal(4, Body(HtmlReport.Render(new([report]))).Descendants().Count(e => e.Name.LocalName == "svg"));
    }

    [Fact]
    public void Test_selected_numbers_are_marked()
    {
        var html = HtmlReport.Render(new([SampleReports.Create() with { TestSelected = true }]));
        Assert.Contains("<strong>Test-selected:</strong>", html);
        Assert.Contains("cvsc (test-selected)", html);
    }

    [Fact]
    public void The_best_method_of_each_figure_is_marked()
    {
        ZslReport With(string method, double h) => SampleReports.Create(method) with { Metrics = new() { H = new(h, 0) } };
        var best = Body(HtmlReport.Render(new([With("sje", 0.4), With("cvsc", 0.6)]))).Descendants("td")
            .Where(td => td.Attribute("class")?.Value == "best").Select(td => td.Value);
        Assert.Equal(["60.0"], best);
    }

    [Fact]
    public void Test_selected_numbers_do_not_compete()
    {
        ZslReport With(string method, double h, bool selected) =>
            SampleReports.Create(method) with { Metrics = new() { H = new(h, 0) }, TestSelected = selected };
        var body = Body(HtmlReport.Render(new([With("sje", 0.4, false), With("cvsc", 0.6, true)])));
        Assert.Equal(["40.0"], body.Descendants("td").Where(td => td.Attribute("class")?.Value == "best").Select(td => td.Value));
        Assert.Contains(body.Descendants("p"), p => p.Value == "Highest harmonic mean of 2 runs: sje.");
    }

    [Fact]
    public void A_page_needs_a_report() => Assert.Throws<ArgumentException>(() => HtmlReport.Render(new([])));

    [Theory]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0, 97, "0 20 40 60 80 100")]
    [InlineData(3, 3, "2.4 2.6 2.8 3 3.2 3.4 3.6")]
    public void Ticks_are_round_and_span_the_range(double minimum, double maximum, string expected) =>
        Assert.Equal(expected, string.Join(' ', Unseen.Reports.Plots.PlotFrame.Ticks(minimum, maximum)
            .Select(t => t.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture))));

    /// <summary>The page's body is also valid XML once the attribute-less "open" has a value and the picture tags are closed.</summary>
    private static XElement Body(string html)
    {
        var end = html.IndexOf("</body>", StringComparison.Ordinal) + "</body>".Length;
        var body = html[html.IndexOf("<body>", StringComparison.Ordinal)..end];
        return XElement.Parse(ImageTag().Replace(body.Replace("\" open>", "\" open=\"\">", StringComparison.Ordinal), "<img$1/>"));
    }

    [GeneratedRegex("<img([^>]*)>")]
    private static partial Regex ImageTag();

    [GeneratedRegex("(https?:)?//[a-z]|url\\(|@import", RegexOptions.IgnoreCase)]
    private static partial Regex ExternalReference();
}
