using Unseen.Data;
using Unseen.Experiments.Configuration;
using Unseen.Reports;

namespace Unseen.Experiments.Reproduction;

/// <summary>The runs of a reproduction: its own row, the rows of its ablation tables, the points of its curves.</summary>
internal sealed class ReproductionRows(ReproductionPlan plan, ZslDataset dataset, ReproductionOptions options)
{
    /// <summary>Folder of the experiment's own row.</summary>
    public const string MainRun = "run";

    /// <summary>The experiment's own row, run first.</summary>
    public ZslReport Main { get; } = Run(plan.Main, dataset, options, MainRun);

    /// <summary>Runs the rows of the ablation tables.</summary>
    public IEnumerable<ReproductionRow> Ablation() => plan.Ablation.Select((pair, i) =>
    {
        var (row, source) = (pair.Row, pair.Row.Source ?? plan.Experiment.Source);
        if (pair.Config is null) return new ReproductionRow(row.Name, source, row.Published, null, null, null);
        var (report, folder) = Run(pair.Config, $"ablation-{i + 1}-{FileName(row.Name)}");
        return Compare(row.Name, source, row.Published, report, folder, plan.Experiment.Calibration);
    });

    /// <summary>Runs the points of the curves.</summary>
    public IEnumerable<ReproductionCurve> Curves() => plan.Curves.Select((pair, i) =>
    {
        var name = $"curve-{i + 1}-{FileName(pair.Curve.Name)}";
        var points = pair.Points.Select(point =>
        {
            var (report, folder) = Run(point.Config, $"{name}-{ScalarText.Write(point.Value)}");
            return new ReproductionPoint(point.Value, ReproducedFigures.Of(report, plan.Experiment.Calibration),
                ReproducedFigures.CalibratedOf(report, plan.Experiment.Calibration), folder);
        });
        return new ReproductionCurve(pair.Curve.Name, pair.Curve.Source, pair.Curve.Option, pair.Curve.Finding, [.. points], $"{name}.svg");
    });

    /// <summary>A report beside published figures.</summary>
    public static ReproductionRow Compare(string name, string source, PublishedFigures published, ZslReport report, string folder,
        PublishedCalibration calibration) => new(name, source, published, ReproducedFigures.Of(report, calibration),
            ReproducedFigures.CalibratedOf(report, calibration), folder);

    /// <summary>Runs a configuration, or takes the experiment's own run when they are equal.</summary>
    private (ZslReport Report, string Folder) Run(ExperimentConfig config, string folder) =>
        OptionsDifference.Find(plan.Main, config with { Preset = plan.Main.Preset }).Count == 0
            ? (Main, MainRun)
            : (Run(config, dataset, options, folder), folder);

    private static ZslReport Run(ExperimentConfig config, ZslDataset dataset, ReproductionOptions options, string folder) =>
        Experiment.Run(config.Options, dataset, config.RunTo(Path.Combine(options.Output, folder)) with
        {
            Resume = options.Resume,
            Force = options.Force,
            Progress = options.Progress,
            Cancellation = options.Cancellation,
        }).Report;

    private static string FileName(string name) =>
        string.Join('-', new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
