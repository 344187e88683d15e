using Unseen.Evaluation;
using Unseen.Reports;
using Unseen.Tests.Evaluation;

namespace Unseen.Tests.Reports;

/// <summary>Reports with every section filled, from seeded scores.</summary>
internal static class SampleReports
{
    public static ZslReport Create(string method = "cvsc", int seed = 1, int classes = 12, string? variant = null, string[]? names = null)
    {
        var table = RandomTables.Create(classes, classes * 25, seed: 7);
        var random = new Random(seed);
        for (var i = 0; i < table.Images; i++) table.Scores[i * classes + table.Labels[i]] += 1 + random.NextSingle();
        names ??= [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];
        var report = new ZslReport
        {
            Method = method,
            Variant = variant,
            Dataset = "SketchBirds",
            Features = [new("sketch.mobilenetv2.safetensors", "MobileNetV2", "ImageNet-1k")],
            Protocol = EvaluationProtocol.Clean,
            Seeds = [seed],
            Gamma = new(0.75, GammaScale.Logit, "validation", 0.6),
            Validation = new(0.61, 0.72, 0.66),
            UnseenVectorsUsedInTraining = true,
            Timing = new Dictionary<string, double> { ["training"] = 61.5, ["evaluation"] = 0.25 },
            Environment = new Dictionary<string, string> { ["runtime"] = ".NET 10", ["threads"] = "2" },
            History = [.. Epochs("search"), .. Epochs("final")],
            SemanticError = SemanticError(table, names),
            PointingGame = new(1, new("all", 30, 0.7, 0.2, 0.1), [new("bill", 10, 0.5, 0.2, 0.1), new("wing", 20, 0.8, 0.2, 0.1)]),
            Prompts = [new("bill", 10, 0.5, 0.75, 0.2, 0.4), new("all", 10, 0.5, 0.75, 0.2, 0.4)],
            AttributeFeatures = new([0.4, 0.2], [.. names.Select((name, c) => new ReportPlacedClass(name, c % 3 > 0, [c, c + 0.5 * seed], [-c, 1]))]),
        };
        return report.WithTest(StackingCurve.Compute(table), names);
    }

    private static IEnumerable<ReportEpoch> Epochs(string phase) => Enumerable.Range(1, 10).Select(e => new ReportEpoch(phase, e, e * 50,
        new Dictionary<string, double> { ["total"] = 4.0 / e + 1, ["crossEntropy"] = 3.0 / e, ["selfCalibration"] = 1.0 / e + 1 },
        phase == "search" ? 0.6 - 0.3 / e : null, phase == "search" ? 0.7 - 0.2 / e : null, phase == "search" ? 0.65 - 0.25 / e : null));

    private static ReportSemanticError SemanticError(ScoreTable table, string[] names)
    {
        const int attributes = 9;
        var random = new Random(3);
        var annotation = new float[table.Classes, attributes];
        for (var c = 0; c < table.Classes; c++)
            for (var a = 0; a < attributes; a++) annotation[c, a] = random.NextSingle();
        var predicted = table.Labels.SelectMany(label => Enumerable.Range(0, attributes)
            .Select(a => annotation[label, a] + random.NextSingle() * (a == 4 ? 2 : 0.3f))).ToArray();
        var predictions = new AttributePredictions(predicted, table.Labels);
        return ReportSemanticError.Of(SemanticErrorMatrix.Compute(predictions, predictions, annotation, table.SeenClass), names,
            [.. Enumerable.Range(0, attributes).Select(a => $"attribute {a}")]);
    }
}
