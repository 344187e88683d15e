using System.Buffers;
using System.Numerics.Tensors;

namespace Unseen.Evaluation;

/// <summary>
/// The temperature T at which softmax((score - gamma on seen classes) / T) tells the truth best: the least mean negative log likelihood
/// of the labels. In 1/T this is a convex function of one number; its only minimum is where the derivative
/// mean(expected score - score of the label) is 0, found by Newton steps inside a bracket. Every class that has images counts the same,
/// as in all figures.
/// </summary>
/// <remarks>Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2 (temperature scaling).</remarks>
public static class TemperatureFit
{
    private const int MaximumSteps = 100;

    /// <summary>The last step is smaller than this, and Newton steps square the error; less drowns in the rounding of 32-bit sums.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>1/T times the spread of the scores stays within these bounds: a table without any mistake has no finite best 1/T.</summary>
    private const double Lowest = 1e-3, Highest = 1e3;

    /// <summary>Fits the temperature.</summary>
    /// <param name="table">Scores of labelled images.</param>
    /// <param name="gamma">Gamma that is subtracted from the scores of seen classes; finite.</param>
    /// <returns>T above 0, or null when there is no image or all scores of every image are equal.</returns>
    /// <exception cref="ShapeException">The arrays of the table do not fit together.</exception>
    public static double? Fit(ScoreTable table, double gamma)
    {
        table.Require();
        // Rented: a grid of settings fits hundreds of tables, and arrays this large are collected late.
        var rented = ArrayPool<float>.Shared.Rent(table.Scores.Length);
        try
        {
            var margins = rented.AsSpan(0, table.Scores.Length);
            SetMargins(table, gamma, margins);
            return Fit(table, margins);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static double? Fit(ScoreTable table, ReadOnlySpan<float> margins)
    {
        var spread = Spread(margins, table.Classes);
        if (!(spread > 0) || !double.IsFinite(spread)) return null;
        var weights = ImageWeights(table);
        var (low, high) = (Lowest / spread, Highest / spread);
        var inverse = 1 / spread;
        for (var step = 0; step < MaximumSteps && high - low > Tolerance * high; step++)
        {
            var (slope, curvature) = Derivatives(margins, table, weights, inverse);
            if (slope > 0) high = inverse;
            else low = inverse;
            var next = inverse - slope / curvature;
            if (Math.Abs(next - inverse) <= Tolerance * inverse) return 1 / next;
            inverse = next > low && next < high ? next : Math.Sqrt(low * high);
        }
        return 1 / inverse;
    }

    /// <summary>Calibrated scores less the highest one of their image: at most 0.</summary>
    private static void SetMargins(ScoreTable table, double gamma, Span<float> margins)
    {
        table.Scores.CopyTo(margins);
        for (var i = 0; i < table.Images; i++)
        {
            var row = margins.Slice(i * table.Classes, table.Classes);
            for (var c = 0; c < row.Length; c++)
                if (table.SeenClass[c]) row[c] -= (float)gamma;
            TensorPrimitives.Subtract(row, TensorPrimitives.Max<float>(row), row);
        }
    }

    /// <summary>Mean distance of a score from the highest one of its image.</summary>
    private static double Spread(ReadOnlySpan<float> margins, int classes)
    {
        var sum = 0.0;
        for (var start = 0; start < margins.Length; start += classes) sum -= TensorPrimitives.Sum(margins.Slice(start, classes));
        return margins.Length == 0 ? 0 : sum / margins.Length;
    }

    private static double[] ImageWeights(ScoreTable table)
    {
        var counts = new int[table.Classes];
        foreach (var label in table.Labels) counts[label]++;
        var classes = counts.Count(count => count > 0);
        return Array.ConvertAll(table.Labels, label => 1.0 / ((double)classes * counts[label]));
    }

    /// <summary>First and second derivative of the mean negative log likelihood by 1/T.</summary>
    private static (double Slope, double Curvature) Derivatives(ReadOnlySpan<float> margins, ScoreTable table, double[] weights, double inverse)
    {
        var (slope, curvature) = (0.0, 0.0);
        var powers = new float[table.Classes];
        var products = new float[table.Classes];
        for (var i = 0; i < weights.Length; i++)
        {
            var row = margins.Slice(i * table.Classes, table.Classes);
            TensorPrimitives.Multiply(row, (float)inverse, powers);
            TensorPrimitives.Exp<float>(powers, powers);
            double sum = TensorPrimitives.Sum<float>(powers);
            TensorPrimitives.Multiply<float>(powers, row, products);
            var mean = TensorPrimitives.Sum<float>(products) / sum;
            slope += weights[i] * (mean - row[table.Labels[i]]);
            curvature += weights[i] * Math.Max(0, TensorPrimitives.Dot<float>(products, row) / sum - mean * mean);
        }
        return (slope, curvature);
    }
}
