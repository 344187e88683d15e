using Unseen.Reports;
using Unseen.Reports.Plots;

namespace Unseen.Experiments.Reproduction;

/// <summary>Accuracies over the values of an option.</summary>
internal static class ReproductionCurvePlot
{
    private const int CalibratedColour = 4;

    private static readonly (string Name, int Colour, Func<ReproducedFigures, MeanStd?> Value)[] Figures =
        [("seen S", 0, f => f.S), ("unseen U", 1, f => f.U), ("harmonic mean H", 2, f => f.H), ("unseen alone T1", 3, f => f.T1)];

    /// <summary>The plot: one line per accuracy, means over the seeds.</summary>
    public static Plot Of(ReproductionCurve curve)
    {
        List<LineSeries> lines = [.. Figures.Select(f => new LineSeries(f.Name, Line(curve, p => f.Value(p.Ours)), f.Colour)),
            new("H, gamma chosen", Line(curve, p => p.Calibrated?.H), CalibratedColour)];
        lines.RemoveAll(line => line.Points.Count == 0);
        var (first, last) = (curve.Points[0].Value, curve.Points[^1].Value);
        var content = LinePlot.Draw(new PlotFrame(first, last, 0, 100), curve.Option, "accuracy, %", lines, [], out var height);
        return new(Path.GetFileNameWithoutExtension(curve.Picture), curve.Name, "Accuracy on the test images at each value of the option, in percent, means over the seeds.",
            PlotFrame.Width, height, content);
    }

    private static List<(double X, double Y)> Line(ReproductionCurve curve, Func<ReproductionPoint, MeanStd?> value) =>
        [.. curve.Points.Where(p => value(p) is not null).Select(p => (p.Value, value(p)!.Mean * 100))];
}
