namespace Unseen.Data.Import;

/// <summary>Where on a bird the attributes of CUB sit, by attribute group.</summary>
internal static class CubParts
{
    private static readonly Dictionary<string, string[]> ByGroup = new(StringComparer.Ordinal)
    {
        ["back color"] = ["back"],
        ["back pattern"] = ["back"],
        ["belly color"] = ["belly"],
        ["belly pattern"] = ["belly"],
        ["bill color"] = ["beak"],
        ["bill length"] = ["beak"],
        ["bill shape"] = ["beak"],
        ["breast color"] = ["breast"],
        ["breast pattern"] = ["breast"],
        ["crown color"] = ["crown"],
        ["eye color"] = ["left eye", "right eye"],
        ["forehead color"] = ["forehead"],
        ["head pattern"] = ["crown", "forehead", "nape"],
        ["leg color"] = ["left leg", "right leg"],
        ["nape color"] = ["nape"],
        ["tail pattern"] = ["tail"],
        ["tail shape"] = ["tail"],
        ["throat color"] = ["throat"],
        ["under tail color"] = ["tail"],
        ["underparts color"] = ["breast", "belly", "throat"],
        ["upper tail color"] = ["tail"],
        ["upperparts color"] = ["back", "nape", "left wing", "right wing"],
        ["wing color"] = ["left wing", "right wing"],
        ["wing pattern"] = ["left wing", "right wing"],
        ["wing shape"] = ["left wing", "right wing"],
    };

    /// <summary>Parts of a group; none for size, shape and primary color, which belong to the whole bird.</summary>
    internal static IReadOnlyList<string> Of(string group) => ByGroup.GetValueOrDefault(group, []);
}
