namespace Unseen.Tests.Losses;

/// <summary>The losses of DUET, image by image, from its equations.</summary>
internal static class NaiveDuetLosses
{
    /// <summary>Eq. 9-10.</summary>
    public static double ClassContrast(double[,] images, double[,] companions, long[] labels, double temperature)
    {
        var (n, rows) = (labels.Length, Below(images, companions));
        var cosines = NaiveMetricLosses.Cosines(rows);
        return Enumerable.Range(0, n).Average(i =>
        {
            var positive = Math.Exp(cosines[i, n + i] / temperature);
            var negative = Enumerable.Range(0, 2 * n).Where(j => labels[j % n] != labels[i]).Sum(j => Math.Exp(cosines[i, j] / temperature));
            return -Math.Log(positive / (positive + negative));
        });
    }

    /// <summary>The authors' code: all 2n rows are anchors, other rows of the class count as similarity 0.</summary>
    public static double ClassContrastCode(double[,] images, double[,] companions, long[] labels, double temperature)
    {
        var (n, rows) = (labels.Length, Below(images, companions));
        var cosines = NaiveMetricLosses.Cosines(rows);
        return Enumerable.Range(0, 2 * n).Average(i =>
        {
            var companion = (i + n) % (2 * n);
            var sum = Enumerable.Range(0, 2 * n).Where(j => j != i)
                .Sum(j => Math.Exp(j != companion && labels[j % n] == labels[i % n] ? 0 : cosines[i, j] / temperature));
            return -Math.Log(Math.Exp(cosines[i, companion] / temperature) / sum);
        });
    }

    /// <summary>Eq. 5.</summary>
    public static double Reconstruction(double[,,] scores, long[,] tokens, double[,] weights, double[] degrees) =>
        Enumerable.Range(0, degrees.Length).Average(b => degrees[b] * Enumerable.Range(0, tokens.GetLength(1))
            .Sum(t => weights[b, t] * MinusLogProbability(scores, b, t, tokens[b, t])));

    /// <summary>Three times z_a times the mean over all tokens, summed over the batch.</summary>
    public static double ReconstructionCode(double[,,] scores, long[,] tokens, double[] degrees) =>
        Enumerable.Range(0, degrees.Length).Sum(b => 3 * degrees[b] * Enumerable.Range(0, tokens.GetLength(1))
            .Average(t => MinusLogProbability(scores, b, t, tokens[b, t])));

    /// <summary>Eq. 15 with the form of Eq. 10.</summary>
    public static double AttributeContrast(double[,] own, double[,] positive, double[,,] negatives, double[] weights, double temperature) =>
        Enumerable.Range(0, weights.Length).Average(b => weights[b] * Contrast(b, own, positive, negatives,
            (x, y) => Dot(x, y) / Math.Sqrt(Dot(x, x) * Dot(y, y)) / temperature));

    /// <summary>Products as they are, summed.</summary>
    public static double AttributeContrastCode(double[,] own, double[,] positive, double[,,] negatives, double[] weights) =>
        Enumerable.Range(0, weights.Length).Sum(b => weights[b] * Contrast(b, own, positive, negatives, Dot));

    private static double Contrast(
        int b, double[,] own, double[,] positive, double[,,] negatives, Func<double[], double[], double> similarity)
    {
        var width = own.GetLength(1);
        double[] Vector(Func<int, double> at) => [.. Enumerable.Range(0, width).Select(at)];
        var a = Vector(k => own[b, k]);
        var p = Math.Exp(similarity(a, Vector(k => positive[b, k])));
        var n = Enumerable.Range(0, negatives.GetLength(1)).Sum(m => Math.Exp(similarity(a, Vector(k => negatives[b, m, k]))));
        return -Math.Log(p / (p + n));
    }

    private static double MinusLogProbability(double[,,] scores, int b, int t, long token) =>
        Math.Log(Enumerable.Range(0, scores.GetLength(2)).Sum(v => Math.Exp(scores[b, t, v]))) - scores[b, t, (int)token];

    private static double[,] Below(double[,] above, double[,] below)
    {
        var (n, width) = (above.GetLength(0), above.GetLength(1));
        var rows = new double[2 * n, width];
        for (var i = 0; i < 2 * n; i++)
            for (var k = 0; k < width; k++)
                rows[i, k] = i < n ? above[i, k] : below[i - n, k];
        return rows;
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
