using Unseen.Classification;
using Unseen.Experiments;

namespace Unseen.Web.Http;

/// <summary>A class as a request describes it: attributes, a sentence, and where the rest comes from.</summary>
/// <param name="Attributes">Values by name, those of the sentence included.</param>
/// <param name="Missing">Where the others come from.</param>
/// <param name="Sentence">What the sentence says, or null when there was none.</param>
internal sealed record ClassDescription(IReadOnlyDictionary<string, float> Attributes, MissingAttributes Missing, DescribedAttributes? Sentence)
{
    /// <summary>Words for where the rest comes from.</summary>
    public static readonly IReadOnlyList<string> RestWords = [NearestWord, MeanWord];

    private const string NearestWord = "nearest", MeanWord = "mean";

    /// <summary>What was understood of the sentence and what not, for people.</summary>
    public IReadOnlyList<string> Notes => Sentence?.Notes ?? [];

    /// <summary>Reads a description.</summary>
    /// <exception cref="ProblemException">400: nothing is given, or like and rest both.</exception>
    public static ClassDescription Of(
        ModelRecord record, IReadOnlyDictionary<string, float>? attributes, string? describe, string? like, string? rest, bool mayBeEmpty)
    {
        var sentence = string.IsNullOrWhiteSpace(describe) ? null : DescribedAttributes.Read(describe, record.Attributes);
        var values = (sentence?.Matches ?? []).ToDictionary(m => m.Attribute, _ => 1f, StringComparer.Ordinal);
        foreach (var (name, value) in attributes ?? new Dictionary<string, float>()) values[name] = value;
        var missing = Filling(like, rest) ?? MissingAttributes.Nearest;
        var isFilled = mayBeEmpty && (missing.IsMean || missing.Class is not null);
        if (values.Count > 0 || isFilled) return new(values, missing, sentence);
        throw new ProblemException(400, sentence is not null
            ? "The sentence names no attribute of the model. Use words of the phrases that GET /v1/model lists, for example "
                + $"'{(record.Attributes.Count > 0 ? record.Attributes[0].Phrase : "")}'."
            : "No attribute is given. Give at least one in 'attributes', or a sentence in 'describe'" + (mayBeEmpty ? ", or a class in 'like'." : "."));
    }

    /// <summary>Where values that are left out come from; null when the request does not say.</summary>
    /// <exception cref="ProblemException">400: like and rest both, or another word.</exception>
    public static MissingAttributes? Filling(string? like, string? rest) => (like, rest) switch
    {
        (not null, not null) => throw new ProblemException(400, "Give 'like' or 'rest', not both."),
        (not null, _) => MissingAttributes.Like(like),
        (_, MeanWord) => MissingAttributes.Mean,
        (_, NearestWord) => MissingAttributes.Nearest,
        (_, null) => null,
        _ => throw new ProblemException(400, "'rest' must be nearest or mean."),
    };
}
