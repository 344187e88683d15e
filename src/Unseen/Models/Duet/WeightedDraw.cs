namespace Unseen.Models.Duet;

/// <summary>Draws places in proportion to weights.</summary>
internal static class WeightedDraw
{
    /// <summary>One place; all alike when no weight is left.</summary>
    /// <param name="weights">At least 0, of any sum.</param>
    /// <param name="random">Random numbers.</param>
    public static int One(double[] weights, Random random)
    {
        var left = random.NextDouble() * weights.Sum();
        if (left <= 0 && weights.All(w => w <= 0)) return random.Next(weights.Length);
        for (var i = 0; i < weights.Length; i++)
            if ((left -= weights[i]) < 0) return i;
        return Array.FindLastIndex(weights, w => w > 0); // rounding left a crumb
    }

    /// <summary>
    /// Several places, one after the other, each in proportion to the weights of those that have not been drawn: no place comes twice before all
    /// have come once.
    /// </summary>
    /// <param name="weights">At least 0, of any sum; at least one.</param>
    /// <param name="count">How many.</param>
    /// <param name="random">Random numbers.</param>
    public static int[] Several(double[] weights, int count, Random random)
    {
        var (drawn, left) = (new int[count], new List<int>());
        for (var i = 0; i < count; i++)
        {
            if (left.Count == 0) left.AddRange(Enumerable.Range(0, weights.Length));
            var place = One([.. left.Select(p => weights[p])], random);
            drawn[i] = left[place];
            left.RemoveAt(place);
        }
        return drawn;
    }
}
