namespace Unseen.Tests.Evaluation;

/// <summary>
/// The evaluation as it is usually written: for every gamma copy the scores, subtract, take the arg max, then loop over the classes and
/// for each class over all images. The numerical oracle of the fast evaluation and its opponent in the benchmarks. Needs nothing else.
/// </summary>
public static class NaiveEvaluation
{
    /// <summary>U, S and H at one gamma.</summary>
    public static (double U, double S, double H) Gzsl(float[] scores, int[] labels, bool[] seenClass, double gamma)
    {
        var predicted = Predict(scores, labels.Length, seenClass, gamma, unseenOnly: false);
        var u = PerClassMean(predicted, labels, seenClass, seen: false);
        var s = PerClassMean(predicted, labels, seenClass, seen: true);
        return (u, s, u + s == 0 ? 0 : 2 * u * s / (u + s));
    }

    /// <summary>Conventional accuracy: only unseen classes may be answered.</summary>
    public static double T1(float[] scores, int[] labels, bool[] seenClass) =>
        PerClassMean(Predict(scores, labels.Length, seenClass, 0, unseenOnly: true), labels, seenClass, seen: false);

    /// <summary>Best H over a list of gammas.</summary>
    public static (double Gamma, double H) Best(float[] scores, int[] labels, bool[] seenClass, double[] gammas)
    {
        var (bestGamma, bestH) = (0.0, -1.0);
        foreach (var gamma in gammas)
        {
            var h = Gzsl(scores, labels, seenClass, gamma).H;
            if (h > bestH) (bestGamma, bestH) = (gamma, h);
        }
        return (bestGamma, bestH);
    }

    /// <summary>Area under the seen-unseen curve by trapezoids between ascending gammas.</summary>
    public static double Ausuc(float[] scores, int[] labels, bool[] seenClass, double[] gammas)
    {
        var area = 0.0;
        var before = Gzsl(scores, labels, seenClass, gammas[0]);
        for (var g = 1; g < gammas.Length; g++)
        {
            var now = Gzsl(scores, labels, seenClass, gammas[g]);
            area += (before.S - now.S) * (before.U + now.U) / 2;
            before = now;
        }
        return area;
    }

    /// <summary>Arg max per image; on equal values an unseen class wins, then the lowest class id.</summary>
    public static int[] Predict(float[] scores, int images, bool[] seenClass, double gamma, bool unseenOnly)
    {
        var classes = seenClass.Length;
        var calibrated = new double[scores.Length];
        for (var i = 0; i < scores.Length; i++) calibrated[i] = scores[i];
        for (var n = 0; n < images; n++)
            for (var c = 0; c < classes; c++)
                if (seenClass[c]) calibrated[n * classes + c] -= unseenOnly ? double.PositiveInfinity : gamma;
        var predicted = new int[images];
        for (var n = 0; n < images; n++)
        {
            var best = 0;
            for (var c = 1; c < classes; c++)
            {
                var (value, bestValue) = (calibrated[n * classes + c], calibrated[n * classes + best]);
                if (value > bestValue || (value == bestValue && seenClass[best] && !seenClass[c])) best = c;
            }
            predicted[n] = best;
        }
        return predicted;
    }

    private static double PerClassMean(int[] predicted, int[] labels, bool[] seenClass, bool seen)
    {
        var (sum, count) = (0.0, 0);
        for (var c = 0; c < seenClass.Length; c++)
        {
            if (seenClass[c] != seen) continue;
            var (right, all) = (0, 0);
            for (var n = 0; n < labels.Length; n++)
            {
                if (labels[n] != c) continue;
                all++;
                if (predicted[n] == c) right++;
            }
            if (all == 0) continue;
            sum += (double)right / all;
            count++;
        }
        return count == 0 ? 0 : sum / count;
    }
}
