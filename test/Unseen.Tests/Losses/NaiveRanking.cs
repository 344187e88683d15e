namespace Unseen.Tests.Losses;

/// <summary>Ranking, distillation and regression losses, one number at a time.</summary>
internal static class NaiveRanking
{
    public static double Sum(double[,] scores, int[] labels, double margin) =>
        Mean(scores, labels, margin, violations => violations.Sum());

    public static double Worst(double[,] scores, int[] labels, double margin) =>
        Mean(scores, labels, margin, violations => violations.Append(0).Max());

    public static double Ranked(double[,] scores, int[] labels, double margin) => Mean(scores, labels, margin, violations =>
    {
        var rank = violations.Count;
        return rank == 0 ? 0 : Enumerable.Range(1, rank).Sum(i => 1.0 / i) / rank * violations.Sum();
    });

    public static double Cubic(double[,] a, double[,] b) => OverRows(a, b, d =>
    {
        var norm = Math.Sqrt(d.Sum(x => x * x));
        return norm == 0 ? 0 : d.Sum(x => x * x / norm * Math.Abs(x));
    });

    public static double Euclidean(double[,] a, double[,] b) => OverRows(a, b, d => Math.Sqrt(d.Sum(x => x * x)));

    public static double Regression(double[,] a, double[,] b) => OverRows(a, b, d => d.Sum(x => x * x));

    public static double JensenShannon(double[,] a, double[,] b)
    {
        var sum = 0.0;
        for (var row = 0; row < a.GetLength(0); row++)
        {
            var (p, q) = (Softmax(a, row), Softmax(b, row));
            for (var c = 0; c < p.Length; c++)
            {
                var m = (p[c] + q[c]) / 2;
                sum += 0.5 * (p[c] * Math.Log(p[c] / m) + q[c] * Math.Log(q[c] / m));
            }
        }
        return sum / a.GetLength(0);
    }

    public static double CausalEffect(double[,] scores, double[,] without, int[] labels)
    {
        var sum = 0.0;
        for (var row = 0; row < scores.GetLength(0); row++)
        {
            var effect = Enumerable.Range(0, scores.GetLength(1)).Select(c => scores[row, c] - without[row, c]).ToArray();
            sum -= effect[labels[row]] - Math.Log(effect.Sum(Math.Exp));
        }
        return sum / scores.GetLength(0);
    }

    private static double Mean(double[,] scores, int[] labels, double margin, Func<List<double>, double> ofViolations)
    {
        var sum = 0.0;
        for (var row = 0; row < scores.GetLength(0); row++)
        {
            var violations = new List<double>();
            for (var c = 0; c < scores.GetLength(1); c++)
                if (c != labels[row] && margin + scores[row, c] - scores[row, labels[row]] is > 0 and var violation)
                    violations.Add(violation);
            sum += ofViolations(violations);
        }
        return sum / scores.GetLength(0);
    }

    private static double OverRows(double[,] a, double[,] b, Func<double[], double> ofDifference) => Enumerable.Range(0, a.GetLength(0))
        .Average(row => ofDifference([.. Enumerable.Range(0, a.GetLength(1)).Select(c => a[row, c] - b[row, c])]));

    private static double[] Softmax(double[,] values, int row)
    {
        var powers = Enumerable.Range(0, values.GetLength(1)).Select(c => Math.Exp(values[row, c])).ToArray();
        return [.. powers.Select(p => p / powers.Sum())];
    }
}
