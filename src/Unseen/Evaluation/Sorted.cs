namespace Unseen.Evaluation;

/// <summary>Look-ups in ascending arrays.</summary>
internal static class Sorted
{
    /// <summary>Number of values that are at most the given one.</summary>
    public static int CountAtMost(double[] ascending, double value) => Count(ascending, x => x <= value);

    /// <summary>Number of values below the given one.</summary>
    public static int CountBelow(double[] ascending, double value) => Count(ascending, x => x < value);

    /// <summary>The distinct values, ascending.</summary>
    public static double[] Distinct(double[] ascending)
    {
        var distinct = new List<double>(ascending.Length);
        foreach (var value in ascending)
            if (distinct.Count == 0 || value != distinct[^1]) distinct.Add(value);
        return [.. distinct];
    }

    private static int Count(double[] ascending, Func<double, bool> inFront)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (inFront(ascending[middle])) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
