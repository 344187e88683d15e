namespace Unseen.Evaluation;

/// <summary>
/// The accuracies between two neighbouring distinct breakpoints. State 0 lies below all breakpoints; state k begins at breakpoint k-1.
/// </summary>
internal sealed class CurveStates
{
    private readonly double[] starts;       // distinct breakpoints, ascending
    private readonly double[] unseen;       // [states], never falls
    private readonly double[] seen;         // [states], never rises
    private readonly int[] correctUnseen;
    private readonly int[] correctSeen;
    private readonly int unseenImages;
    private readonly int seenImages;

    public CurveStates(ScoreTable table, ImageAnswers answers, double[] breakpoints, int[] order)
    {
        starts = Sorted.Distinct(breakpoints);
        (unseen, seen) = (new double[starts.Length + 1], new double[starts.Length + 1]);
        (correctUnseen, correctSeen) = (new int[starts.Length + 1], new int[starts.Length + 1]);
        seenImages = table.Labels.Count(label => table.SeenClass[label]);
        unseenImages = table.Images - seenImages;
        AddImages(table, answers, breakpoints, order);
        Accumulate();
    }

    /// <summary>True when images of seen and of unseen classes are present.</summary>
    public bool HasBoth => seenImages > 0 && unseenImages > 0;

    public int IndexAt(double gamma) => double.IsNaN(gamma)
        ? throw new ArgumentOutOfRangeException(nameof(gamma), "Gamma must be a number.")
        : Sorted.CountAtMost(starts, gamma);

    public GzslResult Result(int state, double gamma)
    {
        double? u = unseenImages == 0 ? null : unseen[state];
        double? s = seenImages == 0 ? null : seen[state];
        return new(gamma, u, s, ClassificationMetrics.HarmonicMean(u, s),
            unseenImages == 0 ? null : (double)correctUnseen[state] / unseenImages,
            seenImages == 0 ? null : (double)correctSeen[state] / seenImages);
    }

    public double Area()
    {
        var area = 0.0;
        for (var k = 1; k < seen.Length; k++) area += (seen[k - 1] - seen[k]) * (unseen[k - 1] + unseen[k]) / 2;
        return area;
    }

    /// <summary>Middle of the widest interval with the largest H; null when H is 0 everywhere or undefined.</summary>
    public double? BestGamma()
    {
        if (!HasBoth) return null;
        var (bestH, bestWidth, bestGamma) = (0.0, 0.0, (double?)null);
        for (var k = 1; k < starts.Length; k++)    // below the first start U is 0, from the last one on S is 0
        {
            var h = ClassificationMetrics.HarmonicMean(unseen[k], seen[k])!.Value;
            if (h < bestH || h == 0) continue;
            var first = k;
            while (k + 1 < starts.Length && unseen[k + 1] == unseen[first] && seen[k + 1] == seen[first]) k++;
            var (start, end) = (starts[first - 1], starts[k]);    // states first..k hold from start to just below end
            if (h == bestH && end - start <= bestWidth) continue;
            (bestH, bestWidth, bestGamma) = (h, end - start, Middle(start, end));
        }
        return bestGamma;
    }

    public List<CurvePoint> Points()
    {
        var points = new List<CurvePoint> { new(double.NegativeInfinity, unseen[0], seen[0]) };
        for (var k = 1; k < seen.Length; k++)
            if (unseen[k] != unseen[k - 1] || seen[k] != seen[k - 1]) points.Add(new(starts[k - 1], unseen[k], seen[k]));
        return points;
    }

    private void AddImages(ScoreTable table, ImageAnswers answers, double[] breakpoints, int[] order)
    {
        var weights = MacroWeights(table);
        var state = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (i == 0 || breakpoints[i] != breakpoints[i - 1]) state++;
            var (image, label) = (order[i], table.Labels[order[i]]);
            if (table.SeenClass[label] && answers.SeenAnswer[image] == label) Add(seen, correctSeen, state - 1, weights[label]);
            if (!table.SeenClass[label] && answers.UnseenAnswer[image] == label) Add(unseen, correctUnseen, state, weights[label]);
        }
    }

    private static void Add(double[] accuracy, int[] correct, int state, double weight)
    {
        accuracy[state] += weight;
        correct[state]++;
    }

    /// <summary>Seen images are right up to their state, unseen images from their state on.</summary>
    private void Accumulate()
    {
        for (var k = 1; k < unseen.Length; k++)
        {
            unseen[k] = Math.Min(1, unseen[k] + unseen[k - 1]);    // a sum of weights may round above 1
            correctUnseen[k] += correctUnseen[k - 1];
        }
        for (var k = seen.Length - 2; k >= 0; k--)
        {
            seen[k] = Math.Min(1, seen[k] + seen[k + 1]);
            correctSeen[k] += correctSeen[k + 1];
        }
    }

    /// <summary>Weight of an image of each class, so that the sum over right images is the mean per-class accuracy.</summary>
    private static double[] MacroWeights(ScoreTable table)
    {
        var images = new int[table.Classes];
        foreach (var label in table.Labels) images[label]++;
        var classes = Enumerable.Range(0, table.Classes).Where(c => images[c] > 0).ToLookup(c => table.SeenClass[c]);
        return [.. Enumerable.Range(0, table.Classes)
            .Select(c => images[c] == 0 ? 0 : 1.0 / images[c] / classes[table.SeenClass[c]].Count())];
    }

    /// <summary>A number in [start, end), also when rounding would give the end.</summary>
    private static double Middle(double start, double end)
    {
        var middle = start + (end - start) / 2;
        return middle < end ? middle : start;
    }
}
