namespace Unseen.Tests.Losses;

/// <summary>The metric losses pair by pair.</summary>
internal static class NaiveMetricLosses
{
    public static double[,] Cosines(double[,] rows)
    {
        var n = rows.GetLength(0);
        var result = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                result[i, j] = Dot(rows, i, j) / Math.Sqrt(Dot(rows, i, i) * Dot(rows, j, j));
        return result;
    }

    public static double[,] Append(double[,] rows, double[,] semantics, long[] labels)
    {
        var (n, left, right) = (rows.GetLength(0), rows.GetLength(1), semantics.GetLength(1));
        var result = new double[n, left + right];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < left; k++) result[i, k] = rows[i, k];
            for (var k = 0; k < right; k++) result[i, left + k] = semantics[labels[i], k];
        }
        return result;
    }

    public static double Circle(double[,] s, long[] labels, double m, double gamma, bool weighted)
    {
        var losses = new List<double>();
        for (var i = 0; i < labels.Length; i++)
        {
            double pull = 0, push = 0;
            foreach (var p in Positives(labels, i))
                pull += Math.Exp(weighted ? -gamma * Math.Max(0, 1 + m - s[i, p]) * (s[i, p] - (1 - m)) : -gamma * s[i, p]);
            foreach (var n in Negatives(labels, i))
                push += Math.Exp(weighted ? gamma * Math.Max(0, s[i, n] + m) * (s[i, n] - m) : gamma * (s[i, n] + m));
            losses.Add(Math.Log(1 + pull * push));
        }
        return losses.Any(l => l > 0) ? losses.Where(l => l > 0).Average() : 0;
    }

    /// <summary>
    /// Derivative of the weighted circle loss at every similarity, where the weights α_p = (1 + m - s_p)₊ and α_n = (s_n + m)₊ are constants:
    /// with P and N the sums of exponentials over the pairs of an image, log(1 + P N) has σ = P N / (1 + P N) times its share of the sum.
    /// </summary>
    public static double[,] CircleGradient(double[,] s, long[] labels, double m, double gamma)
    {
        var (result, counted) = (new double[labels.Length, labels.Length], 0);
        for (var i = 0; i < labels.Length; i++)
        {
            double Pull(int p) => Math.Exp(-gamma * Math.Max(0, 1 + m - s[i, p]) * (s[i, p] - (1 - m)));
            double Push(int n) => Math.Exp(gamma * Math.Max(0, s[i, n] + m) * (s[i, n] - m));
            var (pull, push) = (Positives(labels, i).Sum(Pull), Negatives(labels, i).Sum(Push));
            if (pull * push == 0) continue;
            counted++;
            var sigma = pull * push / (1 + pull * push);
            foreach (var p in Positives(labels, i)) result[i, p] = -gamma * Math.Max(0, 1 + m - s[i, p]) * sigma * Pull(p) / pull;
            foreach (var n in Negatives(labels, i)) result[i, n] = gamma * Math.Max(0, s[i, n] + m) * sigma * Push(n) / push;
        }
        for (var i = 0; i < labels.Length; i++)
            for (var j = 0; j < labels.Length; j++)
                result[i, j] /= Math.Max(1, counted);
        return result;
    }

    public static double Contrastive(double[,] s, long[] labels, double positiveMargin, double negativeMargin)
    {
        var (positive, negative) = (new List<double>(), new List<double>());
        for (var i = 0; i < labels.Length; i++)
        {
            double Distance(int j) => Math.Sqrt(Math.Max(0, 2 - 2 * s[i, j]));
            positive.AddRange(Positives(labels, i).Select(p => Math.Max(0, Distance(p) - positiveMargin)));
            negative.AddRange(Negatives(labels, i).Select(n => Math.Max(0, negativeMargin - Distance(n))));
        }
        return NonZeroMean(positive) + NonZeroMean(negative);
    }

    public static double MultiSimilarity(double[,] s, long[] labels, double alpha, double beta, double offset) =>
        Enumerable.Range(0, labels.Length).Average(i =>
            Math.Log(1 + Positives(labels, i).Sum(p => Math.Exp(-alpha * (s[i, p] - offset)))) / alpha +
            Math.Log(1 + Negatives(labels, i).Sum(n => Math.Exp(beta * (s[i, n] - offset)))) / beta);

    public static double SupervisedContrastive(double[,] s, long[] labels, double temperature)
    {
        var losses = new List<double>();
        for (var i = 0; i < labels.Length; i++)
        {
            var companions = Positives(labels, i).ToArray();
            if (companions.Length == 0) continue;
            var all = companions.Concat(Negatives(labels, i)).Sum(j => Math.Exp(s[i, j] / temperature));
            losses.Add(-companions.Average(p => Math.Log(Math.Exp(s[i, p] / temperature) / all)));
        }
        return losses.Count == 0 ? 0 : losses.Average();
    }

    private static IEnumerable<int> Positives(long[] labels, int i) =>
        Enumerable.Range(0, labels.Length).Where(j => j != i && labels[j] == labels[i]);

    private static IEnumerable<int> Negatives(long[] labels, int i) => Enumerable.Range(0, labels.Length).Where(j => labels[j] != labels[i]);

    private static double NonZeroMean(List<double> values) => values.Any(v => v > 0) ? values.Where(v => v > 0).Average() : 0;

    private static double Dot(double[,] rows, int i, int j) => Enumerable.Range(0, rows.GetLength(1)).Sum(k => rows[i, k] * rows[j, k]);
}
