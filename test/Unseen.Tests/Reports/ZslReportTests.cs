using Unseen.Evaluation;
using Unseen.Reports;
using Xunit;

namespace Unseen.Tests.Reports;

public sealed class ZslReportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("unseen-report").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Path => System.IO.Path.Combine(folder, "report.json");

    [Fact]
    public void Every_section_survives_a_round_trip()
    {
        var report = SampleReports.Create() with { Variants = [SampleReports.Create(variant: "without selfCalibration")] };
        report.Write(Path);
        var read = ZslReport.Read(Path);
        Assert.Equal(report.ToJson(), read.ToJson());
        Assert.Equal(report.Metrics, read.Metrics);
        Assert.Equal(report.Classes, read.Classes);
        Assert.Equal("without selfCalibration", read.Variants[0].Variant);
    }

    [Fact]
    public void Json_has_the_documented_keys()
    {
        using var json = System.Text.Json.JsonDocument.Parse(SampleReports.Create(seed: 3).ToJson());
        var root = json.RootElement;
        Assert.Equal("cvsc", root.GetProperty("method").GetString());
        Assert.Equal("clean", root.GetProperty("protocol").GetString());
        Assert.Equal(3, root.GetProperty("seeds")[0].GetInt32());
        foreach (var name in new[] { "t1", "u", "s", "h", "ausuc", "microU", "microS" })
        {
            Assert.InRange(root.GetProperty("metrics").GetProperty(name).GetProperty("mean").GetDouble(), 0.01, 1);
            Assert.Equal(0, root.GetProperty("metrics").GetProperty(name).GetProperty("std").GetDouble());
        }
        Assert.Equal("logit", root.GetProperty("gamma").GetProperty("scale").GetString());
        Assert.Equal("validation", root.GetProperty("gamma").GetProperty("chosenOn").GetString());
        Assert.Equal(0.75, root.GetProperty("gamma").GetProperty("value").GetDouble());
        Assert.Equal(0.66, root.GetProperty("validation").GetProperty("h").GetDouble());
        Assert.Equal("ImageNet-1k", root.GetProperty("features")[0].GetProperty("preTraining").GetString());
    }

    [Fact]
    public void Figures_of_an_empty_test_set_are_written_as_null()
    {
        var report = SampleReports.Create().WithTest(StackingCurve.Compute(new([2, 1], [0], [true, false])), ["jay", "wren"]);
        using var json = System.Text.Json.JsonDocument.Parse(report.ToJson());
        var metrics = json.RootElement.GetProperty("metrics");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, metrics.GetProperty("t1").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, metrics.GetProperty("h").ValueKind);
        Assert.Equal(1, metrics.GetProperty("s").GetProperty("mean").GetDouble());
        Assert.Null(report.Calibrations);
    }

    [Fact]
    public void Test_figures_agree_with_the_curve()
    {
        var table = new ScoreTable([3, 0, 2, 1, 0, 3], [0, 0, 1], [true, false]);
        var curve = StackingCurve.Compute(table);
        var report = SampleReports.Create() with { Gamma = new(2, GammaScale.Cosine, "fixed", 0.5) };
        report = report.WithTest(curve, ["jay", "wren"]);
        Assert.Equal(new(0.5, 0), report.Metrics.S);    // gamma 2 switches the second image (2 - 1)
        Assert.Equal(curve.At(2).H, report.Calibrations!.Raw.H!.Mean);
        Assert.Equal(1, report.Calibrations.Quantile!.Gamma.Mean);    // median of -3, 1, 3
        Assert.Equal(curve.Best.H, report.Calibrations.Oracle.H!.Mean);
        Assert.Equal(0, report.Calibrations.Zero.Gamma.Mean);
        Assert.Equal([new("jay", true, 2, 0.5), new("wren", false, 1, 1)], report.Classes);
        Assert.Equal([new("jay", "wren", 1)], report.Confusion!.Top);
    }

    [Fact]
    public void Large_confusion_matrices_are_left_out()
    {
        Assert.Equal(200, SampleReports.Create(classes: 200).Confusion!.Counts!.Count);
        Assert.Null(SampleReports.Create(classes: 201).Confusion!.Counts);
    }

    [Fact]
    public void Several_reports_are_an_array()
    {
        ZslReport.WriteAll(Path, [SampleReports.Create("cvsc"), SampleReports.Create("sje")]);
        Assert.Equal(["cvsc", "sje"], ZslReport.ReadAll(Path).Select(r => r.Method));
        Assert.Equal($"{Path}: expected one report, found an array of several. Read it as a list of reports.",
            Assert.Throws<DatasetFormatException>(() => ZslReport.Read(Path)).Message);
    }

    [Theory]
    [InlineData("\"method\": \"cvsc\"", "\"methode\": \"cvsc\"", "methode")]                // unknown key
    [InlineData("\"method\": \"cvsc\",", "", "method")]                                     // missing key
    [InlineData("\"method\": \"cvsc\"", "\"method\": null", "method")]
    [InlineData("\"protocol\": \"clean\"", "\"protocol\": \"honest\"", "protocol")]
    [InlineData("\"seeds\": [1]", "\"seeds\": [1, null]", "The list 'seeds' has a null item.")]
    [InlineData("{", "", "")]
    [InlineData("{", "null//", "")]
    public void Broken_reports_are_refused(string from, string to, string mentioned)
    {
        var json = SampleReports.Create().ToJson();
        var at = json.IndexOf(from, StringComparison.Ordinal);
        File.WriteAllText(Path, string.Concat(json.AsSpan(0, at), to, json.AsSpan(at + from.Length)));
        var error = Assert.Throws<DatasetFormatException>(() => ZslReport.Read(Path));
        Assert.StartsWith($"{Path}: not a report of this version: ", error.Message);
        Assert.Contains(mentioned, error.Message);
    }

    [Fact]
    public void Missing_files_and_folders_are_refused()
    {
        Assert.Contains("cannot be read", Assert.Throws<DatasetFormatException>(() => ZslReport.Read(Path)).Message);
        Assert.Contains("cannot be read", Assert.Throws<DatasetFormatException>(() => ZslReport.Read(folder)).Message);
    }

    [Fact]
    public void Text_shows_every_figure_with_gamma_features_and_seeds()
    {
        var report = SampleReports.Create() with
        {
            Metrics = new()
            {
                T1 = new(0.581, 0),
                U = new(0.5, 0),
                S = new(0.75, 0),
                H = new(0.6, 0),
                Ausuc = new(0.4567, 0),
                MicroU = new(1, 0),
            },
            Calibrations = null,
        };
        Assert.Equal("""
            cvsc on SketchBirds, clean protocol, seed 1

            percent                                 T1       U       S       H   AUSUC
            test, macro                           58.1    50.0    75.0    60.0    45.7
            test, micro                              -   100.0       -       -       -
            validation                               -    61.0    72.0    66.0       -

            gamma 0.75 on the logit scale, chosen on: validation (quantile 0.6)
            features: sketch.mobilenetv2.safetensors, backbone MobileNetV2, pre-trained on ImageNet-1k
            unseen class vectors used in training: yes

            """, report.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Text_of_several_seeds_shows_the_spread_and_says_when_the_test_set_chose()
    {
        var report = SampleReports.Create() with
        {
            Seeds = [1, 2],
            Metrics = new() { H = new(0.6, 0.0123) },
            TestSelected = true,
            Protocol = EvaluationProtocol.Published,
        };
        var text = report.ToString();
        Assert.StartsWith("cvsc on SketchBirds, published protocol, 2 seeds (1, 2)\nTEST-SELECTED", text);
        Assert.Contains("60.0 ± 1.2", text);
        Assert.Contains("test, oracle gamma (upper bound)", text);
    }
}
