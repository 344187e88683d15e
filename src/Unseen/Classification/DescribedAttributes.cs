using System.Text.RegularExpressions;
using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>Attributes that a sentence names.</summary>
/// <param name="Matches">Attributes found, in the order of the model.</param>
/// <param name="Ignored">Words of the sentence that belong to no match and no negation, and are no filling words.</param>
public sealed partial record DescribedAttributes(IReadOnlyList<AttributeMatch> Matches, IReadOnlyList<string> Ignored)
{
    /// <summary>Longest sentence that is read, in characters.</summary>
    public const int MaximumLength = 2000;

    /// <summary>Words that say nothing about an attribute.</summary>
    private static readonly HashSet<string> Filling =
        ["a", "an", "the", "with", "and", "or", "of", "its", "it", "is", "are", "has", "have", "having", "that", "which", "than", "as", "in", "on", "to", "but"];

    /// <summary>Words after which a phrase says what is not there, up to "but": it names nothing.</summary>
    private static readonly HashSet<string> Negation = ["no", "not", "without", "never", "neither", "nor", "lacks", "lacking"];

    /// <summary>Says nothing by itself, but is part of values such as "very small".</summary>
    private const string Emphasis = "very";

    /// <summary>Words of attribute groups that people leave out: "blue wings" for "blue wing color".</summary>
    private static readonly HashSet<string> Kind = ["color", "shape", "pattern", "length", "size", "type", "texture"];

    /// <summary>Groups about the whole thing, meant when a phrase names no part: "a blue bird" is blue in its primary color.</summary>
    private static readonly HashSet<string> Whole = ["primary", "overall", "main", "general", "whole"];

    /// <summary>Phrases that say what is not there; they give no value.</summary>
    public IReadOnlyList<NegatedPhrase> Negated { get; init; } = [];

    /// <summary>What was understood of the sentence and what not, in lines for people.</summary>
    public IReadOnlyList<string> Notes =>
    [
        .. Matches.Select(m => $"'{m.Words}': {m.Attribute} ({m.Phrase}) = 1"),
        .. Negated.Select(n => $"'{n.Words}': negations are not read; give "
            + (n.Attributes.Count == 0 ? "the attribute that is meant as name=0" : string.Join(", ", n.Attributes.Select(a => $"{a.Attribute}=0 ({a.Phrase})")))),
        .. Ignored.Count == 0 ? Array.Empty<string>() : [$"not understood: {string.Join(", ", Ignored)}"],
    ];

    /// <summary>Finds the attributes of a model that a sentence names by their phrases, for example "a blue bird with a cone shaped bill".</summary>
    /// <param name="sentence">
    /// English words; commas, "with" and "and" divide it into phrases. What follows "no", "not" or "without" in a phrase, up to "but", gives no value and is
    /// in <see cref="Negated"/>: what a class lacks is given as name=0.
    /// </param>
    /// <param name="attributes">Attributes with group and phrase.</param>
    /// <exception cref="ConfigurationException">The sentence is longer than <see cref="MaximumLength"/>.</exception>
    public static DescribedAttributes Read(string sentence, IReadOnlyList<AttributeDescription> attributes)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        if (sentence.Length > MaximumLength) throw new ConfigurationException([$"The sentence has {sentence.Length} characters; at most {MaximumLength} are read."]);
        var known = attributes.Select(a => new Known(a)).ToList();
        var parts = known.SelectMany(k => k.Part).ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var matches = new Dictionary<string, AttributeMatch>(StringComparer.Ordinal);
        var phrases = Phrases(WithoutContractions(sentence), parts);
        var negated = new List<NegatedPhrase>();
        foreach (var phrase in phrases)
        {
            var found = phrase.Clauses.SelectMany(clause => Named(clause, known)).ToList();
            if (phrase.IsNegated) negated.Add(new(string.Join(' ', phrase.Words), [.. found.Select(f => f.Match)]));
            else foreach (var (_, match) in found) matches.TryAdd(match.Attribute, match);
            used.UnionWith(found.SelectMany(f => phrase.IsNegated ? f.Known.Part : f.Known.Value.Union(f.Known.Part)));
        }
        var ignored = phrases.Where(p => !p.IsNegated).SelectMany(p => p.Clauses)
            .SelectMany(c => c.Words.Where(w => !used.Contains(c.Stem(w)) && w != Emphasis && !Kind.Contains(Stem(w)))).Where(w => !Filling.Contains(w));
        return new([.. attributes.Where(a => matches.ContainsKey(a.Name)).Select(a => matches[a.Name])], [.. ignored.Distinct()]) { Negated = negated };
    }

    /// <summary>The attributes that a clause names, without those that are a part of a longer one.</summary>
    private static IEnumerable<(Known Known, AttributeMatch Match)> Named(Clause clause, List<Known> known)
    {
        var named = known.Where(k => k.IsIn(clause)).ToList();
        return named.Where(k => !named.Exists(k.IsPartOf)).Select(k => (k, new AttributeMatch(k.Name, k.Phrase, string.Join(' ', clause.Words))));
    }

    [GeneratedRegex(@"\p{L}+|\p{N}+|[,;.]", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();

    /// <summary>The last word of "blue-winged", "cone-shaped".</summary>
    [GeneratedRegex(@"(?<=\p{L}-)\p{L}+ed\b", RegexOptions.CultureInvariant)]
    private static partial Regex Joined();

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex InBrackets();

    /// <summary>Divides at punctuation and "with", and where a negation begins and ends.</summary>
    private static List<Phrase> Phrases(string sentence, HashSet<string> parts)
    {
        var text = sentence.ToLowerInvariant();
        var tokens = Tokens().Matches(text).Select(m => m.Value).ToList();
        var strange = Joined().Matches(text).Select(m => m.Value).Where(w => !parts.Contains(PartOrStem(w, parts)) && !Kind.Contains(Stem(w))).ToHashSet(StringComparer.Ordinal);
        var phrases = new List<Phrase>();
        foreach (var whole in Split(tokens, t => t is "," or ";" or "." or "with"))
        {
            List<string> subject = [];
            foreach (var (words, isNegated) in AtNegations(whole))
            {
                var sides = Sides(words, parts);
                phrases.Add(new(words, [.. sides.Select(side => new Clause(NamesPart(side, parts) ? side : [.. subject, .. side], parts, strange))], isNegated));
                if (!isNegated && sides.FindLast(side => NamesPart(side, parts)) is { } last) subject = last.FindAll(w => parts.Contains(PartOrStem(w, parts)));
            }
        }
        return phrases;
    }

    /// <summary>"wings are not blue but red": "wings are", negated "not blue", "red"; the last two are about the wings as well.</summary>
    private static List<(List<string> Words, bool IsNegated)> AtNegations(List<string> words)
    {
        var pieces = new List<(List<string> Words, bool IsNegated)> { ([], false) };
        foreach (var word in words)
            if (Negation.Contains(word)) pieces.Add(([word], true));
            else if (word == "but" && pieces[^1].IsNegated) pieces.Add(([], false));
            else pieces[^1].Words.Add(word);
        return pieces.FindAll(piece => piece.Words.Count > 0);
    }

    /// <summary>Divides at "and" where both sides name a part ("black and white wings" stays whole).</summary>
    private static List<List<string>> Sides(List<string> words, HashSet<string> parts)
    {
        var sides = new List<List<string>>();
        foreach (var side in Split(words, t => t == "and"))
            if (sides.Count == 0 || (NamesPart(sides[^1], parts) && NamesPart(side, parts))) sides.Add(side);
            else sides[^1] = [.. sides[^1], "and", .. side];
        return sides;
    }

    private static bool NamesPart(List<string> words, HashSet<string> parts) => words.Any(w => parts.Contains(PartOrStem(w, parts)));

    private static List<List<string>> Split(List<string> tokens, Func<string, bool> at)
    {
        var pieces = new List<List<string>> { new() };
        foreach (var token in tokens)
            if (at(token)) pieces.Add([]);
            else pieces[^1].Add(token);
        return pieces;
    }

    /// <summary>A crude stem, the same for phrases and sentences: "coloured", "colors" and "color", "shaped" and "shape", "wings" and "wing".</summary>
    private static string Stem(string word)
    {
        word = word.Replace("colour", "color", StringComparison.Ordinal).Replace("gray", "grey", StringComparison.Ordinal);
        if (word is "beak" or "beaks") return "bill";
        foreach (var kind in Kind)
            if (word == kind + "s" || word == kind + "d" || word == kind + "ed") return kind;
        return word.Length > 3 && word[^1] == 's' && word[^2] != 's' ? word[..^1] : word;
    }

    /// <summary>"aren't" and "doesn't" are "are not" and "does not".</summary>
    private static string WithoutContractions(string sentence) =>
        sentence.Replace('\u2019', '\'').Replace("n't", " not", StringComparison.OrdinalIgnoreCase);

    /// <summary>The part that "winged", "bellied" or "legged" is about, or else the stem.</summary>
    private static string PartOrStem(string word, HashSet<string> parts)
    {
        if (word.Length < 4 || !word.EndsWith("ed", StringComparison.Ordinal)) return Stem(word);
        var bare = word[..^2];
        string[] candidates = [bare, bare + "e", bare[^1] == 'i' ? bare[..^1] + "y" : bare, bare[^1] == bare[^2] ? bare[..^1] : bare];
        return candidates.Select(Stem).FirstOrDefault(parts.Contains) ?? Stem(word);
    }

    private static HashSet<string> Stems(string text) =>
        [.. Tokens().Matches(InBrackets().Replace(text.ToLowerInvariant(), " ")).Select(m => m.Value)
            .Where(w => char.IsLetterOrDigit(w[0]) && !Filling.Contains(w)).Select(Stem)];

    /// <summary>Words between two points, commas or negations, and what they say.</summary>
    private sealed record Phrase(List<string> Words, List<Clause> Clauses, bool IsNegated);

    private sealed record Clause(List<string> Words, HashSet<string> Parts, HashSet<string> Strange)
    {
        public HashSet<string> Stems { get; } = [.. Words.Select(w => PartOrStem(w, Parts))];

        /// <summary>True when it names a part, one that no attribute is about included ("blue-footed").</summary>
        public bool NamesPart => Stems.Overlaps(Parts) || Words.Exists(Strange.Contains);

        public string Stem(string word) => PartOrStem(word, Parts);
    }

    /// <summary>An attribute taken apart: words of its value ("cone"), and of the part it is about ("bill").</summary>
    private sealed class Known
    {
        private readonly string group;

        public Known(AttributeDescription attribute)
        {
            (Name, Phrase, group) = (attribute.Name, attribute.Phrase, attribute.Group);
            var stems = Stems(attribute.Group);
            Value = [.. Stems(attribute.Phrase).Except(stems)];
            Part = [.. stems.Except(Kind).Except(Whole)];
            IsWhole = stems.Count > 0 && Part.Count == 0;
        }

        public string Name { get; }

        public string Phrase { get; }

        public HashSet<string> Value { get; }

        public HashSet<string> Part { get; }

        /// <summary>True when the group is about the thing as a whole.</summary>
        public bool IsWhole { get; }

        /// <summary>True for "small" beside "very small" of the same group.</summary>
        public bool IsPartOf(Known other) => other.group == group && Value.IsProperSubsetOf(other.Value);

        public bool IsIn(Clause clause) =>
            Value.Count > 0 && Value.IsSubsetOf(clause.Stems) && Part.IsSubsetOf(clause.Stems)
                && (!IsWhole || !clause.NamesPart);
    }
}

/// <summary>An attribute that a sentence names.</summary>
/// <param name="Attribute">Its name.</param>
/// <param name="Phrase">Its phrase, as in attributes.csv.</param>
/// <param name="Words">The words of the sentence that name it.</param>
public sealed record AttributeMatch(string Attribute, string Phrase, string Words);

/// <summary>Words that say what is not there.</summary>
/// <param name="Words">The words, from the negation on.</param>
/// <param name="Attributes">The attributes that they deny, as far as they can be recognised.</param>
public sealed record NegatedPhrase(string Words, IReadOnlyList<AttributeMatch> Attributes);
