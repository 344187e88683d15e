namespace Unseen;

/// <summary>Finds the known name that a user most likely meant.</summary>
public static class NearestName
{
    private const int LongestCompared = 256, LongestShown = 80, FewestLetters = 3;

    private enum Likeness
    {
        Same,
        Near,
        Contained,
    }

    /// <summary>
    /// The known name that is most like a name, or null when none is, or the name is longer than any that people type: one that differs only by a number before it,
    /// case and separators; else the nearest by edit distance; else the shortest that contains all its words.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> known) => Ranked(name, known).FirstOrDefault();

    /// <summary>The error sentence for an unknown name.</summary>
    public static string Unknown(string kind, string name, IEnumerable<string> known) => Unknown(kind, name, [.. known], int.MaxValue);

    /// <summary>As above; of more than twice as many names as are to be shown only those most like it and the first ones are listed.</summary>
    internal static string Unknown(string kind, string name, IReadOnlyCollection<string> known, int shown)
    {
        var like = Ranked(name, known);
        var listed = known.Count / 2 <= shown ? known : [.. like.Concat(known).Distinct().Take(shown), $"... ({known.Count} in all)"];
        return $"Unknown {kind} '{Shown(name)}'." + (like is [var nearest, ..] ? $" Did you mean '{nearest}'?" : "") + $" Known: {string.Join(", ", listed)}.";
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

    /// <summary>The known names that are like a name, most like it first.</summary>
    private static List<string> Ranked(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestCompared) return [];
        var (upper, bare) = (name.ToUpperInvariant(), NameForm.WithoutNumber(name));
        var (plain, words) = (NameForm.Plain(bare), NameForm.Words(bare));
        if (words.Sum(word => word.Length) < FewestLetters) words = [];
        return [.. known.Select(k => (Name: k, Rank: Rank(k))).Where(k => k.Rank is not null)
            .OrderBy(k => k.Rank!.Value.Likeness).ThenBy(k => k.Rank!.Value.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).Select(k => k.Name)];

        (Likeness Likeness, int Distance)? Rank(string other)
        {
            var distance = Distance(upper, other.ToUpperInvariant());
            if (plain.Length > 0 && NameForm.Plain(NameForm.WithoutNumber(other)) == plain) return (Likeness.Same, distance);
            if (distance <= Farthest(upper)) return (Likeness.Near, distance);
            return words.Count > 0 && words.All(word => other.Contains(word, StringComparison.OrdinalIgnoreCase)) ? (Likeness.Contained, other.Length) : null;
        }
    }

    private static int Farthest(string name) => Math.Max(2, name.Length / 3);

    /// <summary>The edit distance, computed only where the lengths let it count: it is at least their difference.</summary>
    private static int Distance(string name, string other) =>
        Math.Abs(name.Length - other.Length) is var least && least > Farthest(name) ? least : EditDistance(name, other);
}
