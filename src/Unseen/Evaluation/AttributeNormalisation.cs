namespace Unseen.Evaluation;

/// <summary>Mean and spread per attribute: brings values to z-scores, (value - mean) / standard deviation.</summary>
public sealed class AttributeNormalisation
{
    // A column whose spread is only rounding noise is constant: it becomes 0 instead of amplified noise.
    private const double SmallestRelativeDeviation = 1e-6;
    private readonly double[] means;
    private readonly double[] inverseDeviations;

    private AttributeNormalisation(double[] means, double[] inverseDeviations) =>
        (this.means, this.inverseDeviations) = (means, inverseDeviations);

    /// <summary>Number of attributes.</summary>
    public int Attributes => means.Length;

    /// <summary>Fits mean and population standard deviation per attribute.</summary>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="attributes">Number of attributes.</param>
    /// <param name="value">Value of (row, attribute).</param>
    public static AttributeNormalisation Fit(int rows, int attributes, Func<int, int, float> value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var (means, inverse) = (new double[attributes], new double[attributes]);
        for (var a = 0; a < attributes; a++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var r = 0; r < rows; r++) sum += value(r, a);
            means[a] = sum / rows;
            for (var r = 0; r < rows; r++) squares += Math.Pow(value(r, a) - means[a], 2);
            var deviation = Math.Sqrt(squares / rows);
            inverse[a] = deviation <= SmallestRelativeDeviation * Math.Abs(means[a]) || deviation == 0 ? 0 : 1 / deviation;
        }
        return new(means, inverse);
    }

    /// <summary>z-score of a value of one attribute; 0 when the attribute was constant in the fit.</summary>
    public double Normalise(int attribute, double value) => (value - means[attribute]) * inverseDeviations[attribute];
}
