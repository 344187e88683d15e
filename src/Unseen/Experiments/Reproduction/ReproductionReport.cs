using Unseen.Evaluation;
using Unseen.Reports;

namespace Unseen.Experiments.Reproduction;

/// <summary>Our figures of a row, as fractions of 1.</summary>
/// <param name="T1">Accuracy among unseen classes only.</param>
/// <param name="U">Accuracy of unseen classes among all.</param>
/// <param name="S">Accuracy of seen classes among all.</param>
/// <param name="H">Harmonic mean of U and S.</param>
/// <param name="Ausuc">Area under the seen-unseen curve.</param>
public sealed record ReproducedFigures(MeanStd? T1, MeanStd? U, MeanStd? S, MeanStd? H, MeanStd? Ausuc)
{
    /// <summary>The figures of a report at the reported gamma, or at gamma 0 when the publication did not calibrate.</summary>
    internal static ReproducedFigures Of(ZslReport report, PublishedCalibration calibration)
    {
        var m = report.Metrics;
        return calibration == PublishedCalibration.None && report.Calibrations?.Zero is { } zero
            ? new(m.T1, zero.U, zero.S, zero.H, m.Ausuc)
            : new(m.T1, m.U, m.S, m.H, m.Ausuc);
    }

    /// <summary>The figures at the chosen gamma beside those at gamma 0; null when <see cref="Of"/> has them already.</summary>
    internal static ReproducedFigures? CalibratedOf(ZslReport report, PublishedCalibration calibration) =>
        calibration == PublishedCalibration.None ? Of(report, PublishedCalibration.Chosen) : null;
}

/// <summary>A published row beside ours.</summary>
/// <param name="Name">Name of the row.</param>
/// <param name="Source">Paper, table and row.</param>
/// <param name="Published">Published figures in percent.</param>
/// <param name="Ours">Our figures; null when the row was not run.</param>
/// <param name="Calibrated">Our figures at the chosen gamma, where the publication did not calibrate and <paramref name="Ours"/> does not
/// either; otherwise null.</param>
/// <param name="Run">Run folder, relative to the folder of the reproduction; null when the row was not run.</param>
public sealed record ReproductionRow(
    string Name, string Source, PublishedFigures Published, ReproducedFigures? Ours, ReproducedFigures? Calibrated, string? Run);

/// <summary>A point of a curve.</summary>
/// <param name="Value">Value of the option.</param>
/// <param name="Ours">Our figures.</param>
/// <param name="Calibrated">Our figures at the chosen gamma, where the publication did not calibrate and <paramref name="Ours"/> does not
/// either; otherwise null.</param>
/// <param name="Run">Run folder, relative to the folder of the reproduction.</param>
public sealed record ReproductionPoint(double Value, ReproducedFigures Ours, ReproducedFigures? Calibrated, string Run);

/// <summary>Our figures at several values of one option, as a figure of a paper shows its own.</summary>
/// <param name="Name">What is varied, for people.</param>
/// <param name="Source">Paper and figure.</param>
/// <param name="Option">Key of the option.</param>
/// <param name="Finding">What the paper says about its curve, in words; null when nothing.</param>
/// <param name="Points">The points, by rising value.</param>
/// <param name="Picture">SVG file, relative to the folder of the reproduction.</param>
public sealed record ReproductionCurve(
    string Name, string Source, string Option, string? Finding, IReadOnlyList<ReproductionPoint> Points, string Picture);

/// <summary>A published experiment beside our runs of it: the content of reproduction.json.</summary>
public sealed record ReproductionReport
{
    /// <summary>Name of the experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>Method.</summary>
    public required string Method { get; init; }

    /// <summary>Preset.</summary>
    public required string? Preset { get; init; }

    /// <summary>Name of the dataset that was used.</summary>
    public required string Dataset { get; init; }

    /// <summary>Protocol of our runs.</summary>
    public required EvaluationProtocol Protocol { get; init; }

    /// <summary>Seeds of our runs.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>True when the test set chose anything in our runs.</summary>
    public required bool TestSelected { get; init; }

    /// <summary>Features of the publication, in words.</summary>
    public required string PublishedFeatures { get; init; }

    /// <summary>Our features.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>The row of the experiment.</summary>
    public required ReproductionRow Result { get; init; }

    /// <summary>Rows of the ablation tables; empty unless asked for.</summary>
    public required IReadOnlyList<ReproductionRow> Ablation { get; init; }

    /// <summary>Curves of the paper's figures; empty unless asked for.</summary>
    public required IReadOnlyList<ReproductionCurve> Curves { get; init; }

    /// <summary>Where our runs depart from the publication, one sentence each; the numbers compare only when there is none.</summary>
    public required IReadOnlyList<string> Departures { get; init; }

    /// <summary>What the experiment's file tells the reader.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The tables for people.</summary>
    public override string ToString() => ReproductionText.Of(this);
}
