namespace Unseen;

/// <summary>Finds the known name that a user most likely meant.</summary>
public static class NearestName
{
    private const int LongestCompared = 256, LongestShown = 80;

    /// <summary>The nearest known name by edit distance, or null when none is close, or the name is longer than any that people type.</summary>
    public static string? Find(string name, IEnumerable<string> known) => name.Length > LongestCompared ? null :
        known.Select(k => (Name: k, Distance: EditDistance(name.ToUpperInvariant(), k.ToUpperInvariant())))
            .Where(c => c.Distance <= Math.Max(2, name.Length / 3))
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => c.Name).FirstOrDefault();

    /// <summary>The error sentence for an unknown name.</summary>
    public static string Unknown(string kind, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var nearest = Find(name, names);
        return $"Unknown {kind} '{Shown(name)}'." + (nearest is null ? "" : $" Did you mean '{nearest}'?") + $" Known: {string.Join(", ", names)}.";
    }

    /// <summary>A name for a message: the beginning of a very long one.</summary>
    internal static string Shown(string name) => name.Length <= LongestShown ? name : $"{name[..LongestShown]}...";

    internal static int EditDistance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[^1];
    }
}
