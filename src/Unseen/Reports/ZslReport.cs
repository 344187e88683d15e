using System.Text.Json.Serialization;
using Unseen.Evaluation;

namespace Unseen.Reports;

/// <summary>Everything a finished run has to say: the content of report.json. Accuracies are fractions of 1.</summary>
public sealed record ZslReport
{
    private const int CurvePointsKept = 300;

    /// <summary>Identifier of the method, for example "cvsc".</summary>
    public required string Method { get; init; }

    /// <summary>Preset with exactly these options; null when there is none or it is not stated.</summary>
    public string? Preset { get; init; }

    /// <summary>Name of an ablation or knob setting; null for the method itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    /// <summary>Name of the dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>Class semantics: "attributes", or the name of semantics/NAME.csv; null when not stated.</summary>
    public string? Semantics { get; init; }

    /// <summary>
    /// SHA-256 of what decides the figures beside data, machine and seed: method, options, training settings, grid, weights of stores, semantics, protocol and precision; null when not stated.
    /// </summary>
    public string? Configuration { get; init; }

    /// <summary>Feature stores in order.</summary>
    public required IReadOnlyList<ReportFeatures> Features { get; init; }

    /// <summary>Who was allowed to look at the test set.</summary>
    public required EvaluationProtocol Protocol { get; init; }

    /// <summary>Seeds behind the figures.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Test figures at the reported gamma.</summary>
    public ReportMetrics Metrics { get; init; } = new();

    /// <summary>The gamma behind the test figures.</summary>
    public required ReportGamma Gamma { get; init; }

    /// <summary>The test figures under other ways to choose gamma; null when the test images are not of seen and unseen classes both.</summary>
    public ReportCalibrations? Calibrations { get; init; }

    /// <summary>Validation figures at the chosen epoch and gamma; null when nothing was validated.</summary>
    public ReportValidation? Validation { get; init; }

    /// <summary>True when training used the semantic vectors of the unseen classes.</summary>
    public required bool UnseenVectorsUsedInTraining { get; init; }

    /// <summary>True when the test set chose anything: such numbers are too good.</summary>
    public bool TestSelected { get; init; }

    /// <summary>Seconds by phase; the mean over seeds.</summary>
    public IReadOnlyDictionary<string, double> Timing { get; init; } = new Dictionary<string, double>();

    /// <summary>Versions, machine, threads, precision: name to value.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Per-class table in the order of the dataset.</summary>
    public IReadOnlyList<ReportClass> Classes { get; init; } = [];

    /// <summary>Training, epoch by epoch; with several seeds that of the first.</summary>
    public IReadOnlyList<ReportEpoch> History { get; init; } = [];

    /// <summary>Seen-unseen curve, at most 300 points; with several seeds that of the first.</summary>
    public IReadOnlyList<ReportCurvePoint> Curve { get; init; } = [];

    /// <summary>Which classes are taken for which; the sum over seeds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportConfusion? Confusion { get; init; }

    /// <summary>Semantic error; with several seeds the mean.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportSemanticError? SemanticError { get; init; }

    /// <summary>Pointing game; with several seeds the mean weighted by judged pairs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportPointingGame? PointingGame { get; init; }

    /// <summary>What prompts read off the test images, of methods with prompts, the row "all" last; with several seeds the mean weighted by judged images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Evaluation.PromptAccuracyRow>? Prompts { get; init; }

    /// <summary>Attribute-based features of some test images, of methods with attention; with several seeds those of the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportFeaturePicture? AttributeFeatures { get; init; }

    /// <summary>What the encoder makes of some test images, of generative methods with an encoder; with several seeds those of the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportFeaturePicture? RefinedFeatures { get; init; }

    /// <summary>Ablations and knob runs of this method, each with its <see cref="Variant"/> name.</summary>
    public IReadOnlyList<ZslReport> Variants { get; init; } = [];

    /// <summary>This report with everything that follows from the test scores, at this report's gamma.</summary>
    /// <param name="curve">Curve of the test images.</param>
    /// <param name="classNames">Class names by class id of the curve's table.</param>
    public ZslReport WithTest(StackingCurve curve, IReadOnlyList<string> classNames) => this with
    {
        Metrics = ReportMetrics.Of(curve, Gamma.Value),
        Calibrations = ReportCalibrations.Of(curve, Gamma),
        Classes = [.. curve.PerClass(Gamma.Value).Select(c => new ReportClass(classNames[c.Class], c.Seen, c.Images, c.Accuracy))],
        Curve = [.. curve.Points(CurvePointsKept)
            .Select(p => new ReportCurvePoint(double.IsFinite(p.Gamma) ? p.Gamma : null, p.U, p.S))],
        Confusion = ReportConfusion.Of(curve.Confusion(Gamma.Value), classNames),
    };

    /// <summary>The report as JSON, as in report.json.</summary>
    public string ToJson() => ReportJson.Write(this);

    /// <summary>Writes report.json atomically.</summary>
    public void Write(string path) => ReportJson.WriteFile(path, ToJson());

    /// <summary>Writes several reports as one JSON array, atomically.</summary>
    public static void WriteAll(string path, IReadOnlyList<ZslReport> reports) => ReportJson.WriteFile(path, ReportJson.Write(reports));

    /// <summary>Reads a report.json that holds one report.</summary>
    /// <exception cref="DatasetFormatException">The file is missing, is no report, has unknown keys or is implausibly large.</exception>
    public static ZslReport Read(string path) => ReadAll(path) is [var report]
        ? report
        : throw new DatasetFormatException(path, "expected one report, found an array of several. Read it as a list of reports.");

    /// <summary>Reads a report.json that holds one report or an array of reports.</summary>
    /// <exception cref="DatasetFormatException">The file is missing, is no report, has unknown keys or is implausibly large.</exception>
    public static IReadOnlyList<ZslReport> ReadAll(string path) => ReportJson.ReadFile(path);

    /// <summary>A table for people: figures in percent, gamma, features and seeds.</summary>
    public override string ToString() => ReportText.Of(this);
}
