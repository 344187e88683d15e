using Unseen.Evaluation;

namespace Unseen.Training;

/// <summary>Figures of one epoch.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Steps">Steps done since the start.</param>
/// <param name="Seconds">Seconds of the epoch's training steps.</param>
/// <param name="Loss">Mean of the weighted total loss.</param>
/// <param name="Terms">Mean of every loss term, unweighted, by name.</param>
/// <param name="Validation">Figures on the evaluation images, or null when the fit does not evaluate.</param>
public sealed record EpochRecord(
    int Epoch, long Steps, double Seconds, double Loss, IReadOnlyDictionary<string, double> Terms, EpochScore? Validation);

/// <summary>Zero-shot figures after an epoch, fractions of 1.</summary>
/// <param name="T1">Conventional accuracy of the unseen classes.</param>
/// <param name="U">Unseen accuracy at <paramref name="Gamma"/>.</param>
/// <param name="S">Seen accuracy at <paramref name="Gamma"/>.</param>
/// <param name="H">Harmonic mean at <paramref name="Gamma"/>, the best of the sweep.</param>
/// <param name="Gamma">Best gamma of the sweep.</param>
/// <param name="GammaQuantile">Quantile of that gamma among (best seen - best unseen score).</param>
/// <param name="UncalibratedH">Harmonic mean at gamma 0, the authors' calibration.</param>
/// <param name="Ausuc">Area under the seen-unseen curve.</param>
public sealed record EpochScore(
    double T1, double U, double S, double H, double Gamma, double GammaQuantile, double UncalibratedH, double Ausuc)
{
    /// <summary>
    /// Temperature of the probabilities at <see cref="Gamma"/> (<see cref="TemperatureFit"/>), or null when it was not fitted.
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>The figures of a table of scores; accuracies of an empty set count as 0.</summary>
    public static EpochScore Of(ScoreTable table)
    {
        var curve = StackingCurve.Compute(table);
        var best = curve.Best;
        return new EpochScore(curve.T1 ?? 0, best.U ?? 0, best.S ?? 0, best.H ?? 0, best.Gamma, curve.QuantileOf(best.Gamma),
            curve.At(0).H ?? 0, curve.Ausuc ?? 0)
        {
            Temperature = TemperatureFit.Fit(table, best.Gamma),
        };
    }

    /// <summary>The mean of several; of temperatures, which are ratios, the geometric mean.</summary>
    public static EpochScore Mean(IReadOnlyList<EpochScore> scores) => new(
        scores.Average(s => s.T1), scores.Average(s => s.U), scores.Average(s => s.S), scores.Average(s => s.H),
        scores.Average(s => s.Gamma), scores.Average(s => s.GammaQuantile), scores.Average(s => s.UncalibratedH), scores.Average(s => s.Ausuc))
    {
        Temperature = scores.Average(s => s.Temperature is { } t ? Math.Log(t) : (double?)null) is { } logarithm ? Math.Exp(logarithm) : null,
    };
}
