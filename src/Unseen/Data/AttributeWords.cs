namespace Unseen.Data;

/// <summary>Makes a group and a phrase from the name of an attribute.</summary>
internal static class AttributeWords
{
    /// <summary>
    /// "has_wing_color::blue" belongs to group "wing color" and reads "blue wing color"; other names are their own phrase, without a
    /// group.
    /// </summary>
    public static AttributeEntry Entry(string name)
    {
        var at = name.IndexOf("::", StringComparison.Ordinal);
        if (at < 0) return new(name, "", Words(name), []);
        var group = Words(name[..at]);
        return new(name, group, $"{Words(name[(at + 2)..])} {group}".Trim(), []);
    }

    private static string Words(string text)
    {
        var words = text.Replace('_', ' ').Trim();
        return words.StartsWith("has ", StringComparison.Ordinal) ? words[4..] : words;
    }
}
