namespace Unseen.Data;

/// <summary>How attributes are distributed over the groups of attributes.csv.</summary>
/// <param name="Count">Number of groups.</param>
/// <param name="OfOne">Groups with a single attribute.</param>
internal readonly record struct AttributeGroups(int Count, int OfOne)
{
    private const int FewAttributes = 10;
    private const double NearlyAll = 0.9;

    /// <summary>Counts the groups.</summary>
    public static AttributeGroups Of(IReadOnlyCollection<AttributeEntry> attributes)
    {
        var sizes = attributes.CountBy(a => a.Group).Select(g => g.Value).ToList();
        return new(sizes.Count, sizes.Count(size => size == 1));
    }

    /// <summary>What is wrong with groups that hardly group anything; null when nothing is.</summary>
    public string? Fault => Count < FewAttributes || OfOne < NearlyAll * Count ? null
        : $"{OfOne} of {Count} groups have a single attribute. Methods that make a prompt of every group (DUET) then read the answer in the prompt: give " +
            "attributes of one kind the same group, for example 'color', or import with --prompts FILE.";
}
