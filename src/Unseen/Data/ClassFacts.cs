namespace Unseen.Data;

/// <summary>
/// What can be said of classes in words: attributes with their group, or the relations of a knowledge graph with their values. Semantics that
/// have no words of their own, such as embeddings, have facts beside them.
/// </summary>
/// <param name="Facts">The facts in a fixed order.</param>
/// <param name="Degrees">How much a class has of each fact, 0..1 [classes, facts].</param>
public sealed record ClassFacts(IReadOnlyList<Fact> Facts, float[,] Degrees)
{
    /// <summary>Word vectors of the attributes that the facts are, in their order [attributes, words]; null without any.</summary>
    public float[,]? WordVectors { get; init; }

    private const string GroupOfNone = "attribute";

    /// <summary>The attributes of classes: the group is the prompt, the phrase without the words of the group the text.</summary>
    /// <param name="attributes">Attributes, columns of the values.</param>
    /// <param name="values">Values 0..1 [classes, attributes].</param>
    public static ClassFacts OfAttributes(IReadOnlyList<AttributeEntry> attributes, float[,] values) =>
        new([.. attributes.Select(a => new Fact(a.Group.Length > 0 ? a.Group : GroupOfNone, Without(a.Phrase, a.Group)))], values);

    /// <summary>The relations of a knowledge graph: a class has a fact or not.</summary>
    /// <param name="relations">Facts of classes.</param>
    /// <param name="classes">Number of classes.</param>
    public static ClassFacts OfRelations(IReadOnlyList<RelationEntry> relations, int classes)
    {
        Fact[] facts = [.. relations.Select(FactOf).Distinct()
            .OrderBy(f => f.Prompt, StringComparer.Ordinal).ThenBy(f => f.Text, StringComparer.Ordinal)];
        var place = facts.Index().ToDictionary(f => f.Item, f => f.Index);
        var degrees = new float[classes, facts.Length];
        foreach (var r in relations) degrees[r.Class, place[FactOf(r)]] = 1;
        return new(facts, degrees);
    }

    /// <summary>A relation in words.</summary>
    internal static Fact FactOf(RelationEntry relation) => new(Spoken(relation.Relation), Spoken(relation.Value));

    /// <summary>The facts of some classes, in the given order.</summary>
    public ClassFacts Select(IReadOnlyList<int> classes)
    {
        var degrees = new float[classes.Count, Facts.Count];
        for (var i = 0; i < classes.Count; i++)
            for (var f = 0; f < Facts.Count; f++)
                degrees[i, f] = Degrees[classes[i], f];
        return this with { Degrees = degrees };
    }

    /// <summary>
    /// "curved bill shape" without "bill shape" is "curved", "blue upper parts color" without "upperparts color" is "blue"; a phrase that is
    /// nothing else stays.
    /// </summary>
    internal static string Without(string phrase, string group)
    {
        var (words, other) = (Words(phrase), string.Concat(Words(group)));
        for (var start = 0; other.Length > 0 && start < words.Length; start++)
            if (Spelling(words.AsSpan(start), other) is > 0 and var length && length < words.Length)
                return string.Join(' ', words.Where((_, i) => i < start || i >= start + length));
        return string.Join(' ', words);
    }

    /// <summary>How many of the first words spell the letters, however they are separated; 0 when they do not.</summary>
    private static int Spelling(ReadOnlySpan<string> words, string letters)
    {
        var done = 0;
        for (var count = 0; count < words.Length && letters.AsSpan(done).StartsWith(words[count], StringComparison.Ordinal); count++)
            if ((done += words[count].Length) == letters.Length) return count + 1;
        return 0;
    }

    /// <summary>"hasBodyPart" and "four_legs" as words.</summary>
    private static string Spoken(string name) => string.Join(' ', Words(string.Concat(name.Select(
        (c, i) => char.IsUpper(c) && i > 0 && char.IsLower(name[i - 1]) ? $" {c}" : $"{c}")).Replace('_', ' ')));

    private static string[] Words(string text) => text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Something that can be said of a class.</summary>
/// <param name="Prompt">What it is about, for example "bill shape".</param>
/// <param name="Text">What is said, for example "curved".</param>
public sealed record Fact(string Prompt, string Text);
