namespace Unseen.Data.Import;

/// <summary>
/// Turns the attribute names of CUB, AWA and SUN into words, by the rules with which the field's word vectors were made: prefix off, words
/// separated, glued and British words replaced.
/// </summary>
internal static class AttributePhrases
{
    private static readonly Dictionary<string, string> Replacements = new(StringComparer.OrdinalIgnoreCase)
    {
        ["spatulate"] = "broad",
        ["upperparts"] = "upper parts",
        ["grey"] = "gray",
        ["newworld"] = "new world",
        ["oldworld"] = "old world",
        ["nestspot"] = "nest spot",
        ["toughskin"] = "tough skin",
        ["longleg"] = "long leg",
        ["chewteeth"] = "chew teeth",
        ["meatteeth"] = "meat teeth",
        ["strainteeth"] = "strain teeth",
        ["quadrapedal"] = "quadrupedal",
        ["rockstone"] = "rock stone",
        ["dirtsoil"] = "dirt soil",
        ["sunsunny"] = "sun sunny",
        ["electricindoor"] = "electric indoor",
    };

    /// <summary>Group and phrase of a name: "has_wing_color::blue" gives "wing color" and "blue wing color".</summary>
    internal static (string Group, string Phrase) Of(string name)
    {
        var at = name.IndexOf("::", StringComparison.Ordinal);
        var value = Words(at < 0 ? name : name[(at + 2)..]);
        if (at < 0)
            return (value, value);
        var group = Group(name, at);
        return (group.Replace('_', ' '), $"{value} {Words(group)}");
    }

    /// <summary>The phrase of a name with another value: "has_bill_shape::curved_(up_or_down)" with "bent" gives "bent bill shape".</summary>
    internal static string With(string name, string value)
    {
        var at = name.IndexOf("::", StringComparison.Ordinal);
        return at < 0 ? value : $"{value} {Words(Group(name, at))}";
    }

    private static string Group(string name, int end) => name[..end].Replace("has_", "", StringComparison.Ordinal);

    private static string Words(string text)
    {
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        var words = (bracket > 0 ? text[..bracket] : text).Split(['_', '-', ' ', '/', ','], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? text : string.Join(' ', words.Select(word => Replacements.GetValueOrDefault(word, word)));
    }
}
