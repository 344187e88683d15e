namespace Unseen.Tests.Losses;

/// <summary>The losses as the papers write them, one number at a time.</summary>
internal static class NaiveLosses
{
    public static double SelfCalibration(double[,] scores, int[] unseen, bool overBatch)
    {
        var masses = new List<double>();
        for (var b = 0; b < scores.GetLength(0); b++)
        {
            double all = 0, part = 0;
            for (var c = 0; c < scores.GetLength(1); c++)
            {
                all += Math.Exp(scores[b, c]);
                if (unseen.Contains(c)) part += Math.Exp(scores[b, c]);
            }
            masses.Add(part / all);
        }
        return overBatch ? -Math.Log(masses.Average()) : masses.Average(m => -Math.Log(m));
    }

    public static double CorrelationPaper(double[,] s, double[,] t, double alpha)
    {
        var (rows, columns) = (s.GetLength(0), s.GetLength(1));
        var sum = 0.0;
        for (var b = 0; b < rows; b++)
        {
            double excess = 0, deficit = 0;
            for (var k = 0; k < columns; k++)
            {
                var d = s[b, k] - t[b, k];
                if (d > 0) excess += d * d;
                else deficit += d * d;
            }
            sum += Math.Sqrt(excess) + alpha * Math.Sqrt(deficit) + Math.Abs(Variance(Row(t, b)) - Variance(Row(s, b)));
        }
        return sum / rows;
    }

    public static double CorrelationCode(double[,] s, double[,] t, double[,] rawS, double[,] rawT, double alpha)
    {
        double excess = 0, deficit = 0;
        int excesses = 0, deficits = 0;
        for (var b = 0; b < s.GetLength(0); b++)
            for (var k = 0; k < s.GetLength(1); k++)
            {
                var d = t[b, k] - s[b, k];
                if (d < 0) (excess, excesses) = (excess + d * d, excesses + 1);
                if (d > 0) (deficit, deficits) = (deficit + d * d, deficits + 1);
            }
        return excess / (excesses + 1) + alpha * deficit / (deficits + 1) + Math.Abs(Variance(All(rawT)) - Variance(All(rawS)));
    }

    public static double InterventionPaper(double[,] s, double[,] without, double[,] t, double eta)
    {
        var (rows, columns) = (s.GetLength(0), s.GetLength(1));
        var sum = 0.0;
        for (var b = 0; b < rows; b++)
        {
            double square = 0, effect = 0;
            for (var k = 0; k < columns; k++)
            {
                square += Math.Pow(t[b, k] - (s[b, k] - without[b, k]), 2);
                effect += (s[b, k] - without[b, k]) / columns;
            }
            sum += Math.Sqrt(square) - eta * effect;
        }
        return sum / rows;
    }

    public static double InterventionCode(double[,] s, double[,] without, double[,] t, double eta)
    {
        var sum = 0.0;
        for (var b = 0; b < s.GetLength(0); b++)
            for (var k = 0; k < s.GetLength(1); k++)
                sum += Math.Abs(t[b, k] - s[b, k] + without[b, k]) - eta * (s[b, k] - without[b, k]);
        return sum / s.Length;
    }

    /// <summary>Unbiased.</summary>
    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }

    private static double[] Row(double[,] values, int row) => [.. Enumerable.Range(0, values.GetLength(1)).Select(c => values[row, c])];

    private static double[] All(double[,] values) => [.. values.Cast<double>()];
}
