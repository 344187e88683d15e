namespace Unseen.Data;

/// <summary>
/// Shuffles that depend only on the seed, a name and the items: the same on every machine and .NET version, and, because every group
/// has its own sequence, untouched by other groups.
/// </summary>
internal static class SeededOrder
{
    /// <summary>The texts in a random order that does not depend on the order they come in.</summary>
    public static string[] Shuffle(IEnumerable<string> items, int seed, string group)
    {
        var result = items.Order(StringComparer.Ordinal).ToArray();
        var state = Hash(group) ^ ((ulong)(uint)seed * 0x9E3779B97F4A7C15);
        for (var i = result.Length - 1; i > 0; i--)
        {
            var j = (int)(Next(ref state) % (ulong)(i + 1));
            (result[i], result[j]) = (result[j], result[i]);
        }
        return result;
    }

    /// <summary>How many of <paramref name="count"/> images are held out: a fifth, at least one, never all.</summary>
    public static int Fifth(int count) => count < 2 ? 0 : Math.Max(1, (count + 2) / 5);

    /// <summary>A third, rounded.</summary>
    public static int Third(int count) => (count + 1) / 3;

    // SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    private static ulong Hash(string text) =>
        System.Text.Encoding.UTF8.GetBytes(text).Aggregate(14695981039346656037, (hash, b) => (hash ^ b) * 1099511628211);
}
