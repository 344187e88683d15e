using System.Text.RegularExpressions;
using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>Attributes that a sentence names.</summary>
/// <param name="Matches">Attributes found, in the order of the model.</param>
/// <param name="Ignored">Words of the sentence that belong to no match and are no filling words.</param>
public sealed partial record DescribedAttributes(IReadOnlyList<AttributeMatch> Matches, IReadOnlyList<string> Ignored)
{
    /// <summary>Longest sentence that is read, in characters.</summary>
    public const int MaximumLength = 2000;

    /// <summary>Words that say nothing about an attribute.</summary>
    private static readonly HashSet<string> Filling =
        ["a", "an", "the", "with", "and", "or", "of", "its", "it", "is", "are", "has", "have", "having", "that", "which", "than", "as", "in", "on", "to"];

    /// <summary>Words after which a phrase says what is not there: it names nothing.</summary>
    private static readonly HashSet<string> Negation = ["no", "not", "without", "never", "neither", "nor", "lacks", "lacking"];

    /// <summary>Says nothing by itself, but is part of values such as "very small".</summary>
    private const string Emphasis = "very";

    /// <summary>Words of attribute groups that people leave out: "blue wings" for "blue wing color".</summary>
    private static readonly HashSet<string> Kind = ["color", "shape", "pattern", "length", "size", "type", "texture"];

    /// <summary>Groups about the whole thing, meant when a phrase names no part: "a blue bird" is blue in its primary color.</summary>
    private static readonly HashSet<string> Whole = ["primary", "overall", "main", "general", "whole"];

    /// <summary>Finds the attributes of a model that a sentence names by their phrases, for example "a blue bird with a cone shaped bill".</summary>
    /// <param name="sentence">
    /// English words; commas, "with" and "and" divide it into phrases. What follows "no", "not" or "without" in a phrase names nothing and is among
    /// the ignored words: what a class lacks is given as name=0.
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
        var clauses = Clauses(WithoutContractions(sentence), parts);
        foreach (var clause in clauses.Where(c => !c.IsNegated))
        {
            var named = known.Where(k => k.IsIn(clause)).ToList();
            foreach (var attribute in named.Where(k => !named.Exists(k.IsPartOf)))
            {
                matches.TryAdd(attribute.Name, new(attribute.Name, attribute.Phrase, string.Join(' ', clause.Words)));
                used.UnionWith(attribute.Value);
                used.UnionWith(attribute.Part);
            }
        }
        var ignored = clauses.SelectMany(c => c.Words.Where(w => c.IsNegated || (!used.Contains(c.Stem(w)) && w != Emphasis && !Kind.Contains(Stem(w)))))
            .Where(w => !Filling.Contains(w));
        return new([.. attributes.Where(a => matches.ContainsKey(a.Name)).Select(a => matches[a.Name])], [.. ignored.Distinct()]);
    }

    [GeneratedRegex(@"\p{L}+|\p{N}+|[,;.]", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();

    /// <summary>The last word of "blue-winged", "cone-shaped".</summary>
    [GeneratedRegex(@"(?<=\p{L}-)\p{L}+ed\b", RegexOptions.CultureInvariant)]
    private static partial Regex Joined();

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex InBrackets();

    /// <summary>Divides at punctuation and "with", and at "and" where both sides name a part ("black and white wings" stays whole).</summary>
    private static List<Clause> Clauses(string sentence, HashSet<string> parts)
    {
        var text = sentence.ToLowerInvariant();
        var tokens = Tokens().Matches(text).Select(m => m.Value).ToList();
        var strange = Joined().Matches(text).Select(m => m.Value).Where(w => !parts.Contains(PartOrStem(w, parts)) && !Kind.Contains(Stem(w))).ToHashSet(StringComparer.Ordinal);
        var clauses = new List<Clause>();
        foreach (var whole in Split(tokens, t => t is "," or ";" or "." or "with"))
        {
            var negation = whole.FindIndex(Negation.Contains);
            var piece = negation < 0 ? whole : whole[..negation];
            var sides = Split(piece, t => t == "and");
            var current = new List<string>();
            foreach (var side in sides)
            {
                if (NamesPart(current, parts) && NamesPart(side, parts))
                {
                    clauses.Add(new(current, parts, strange));
                    current = [];
                }
                current = [.. current, .. current.Count > 0 ? ["and"] : Array.Empty<string>(), .. side];
            }
            if (current.Count > 0) clauses.Add(new(current, parts, strange));
            if (negation >= 0) clauses.Add(new(whole[negation..], parts, strange) { IsNegated = true });
        }
        return clauses;
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

    private sealed record Clause(List<string> Words, HashSet<string> Parts, HashSet<string> Strange)
    {
        public HashSet<string> Stems { get; } = [.. Words.Select(w => PartOrStem(w, Parts))];

        public bool IsNegated { get; init; }

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
