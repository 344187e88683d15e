using System.Text.Json.Serialization;
using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>What a picture shows according to a model that reads prompts (DUET, section 4.5 and figure 6).</summary>
/// <param name="Prompt">Group of attributes that was asked for.</param>
/// <param name="Attributes">The strongest answers, best first.</param>
public sealed record PromptAnswer(string Prompt, IReadOnlyList<AttributeAnswer> Attributes)
{
    private const int Shown = 3;

    /// <summary>What the answer has most of in this group, at most three, most first: the ground truth of figure 6, also where the picture was read differently.</summary>
    public IReadOnlyList<AttributeOfClass> AnswerAttributes { get; init; } = [];

    /// <summary>The same of the true class; null where it is not known (<see cref="ZeroShotClassifier.WithTruth"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AttributeOfClass>? TrueAttributes { get; init; }

    /// <summary>What a class has of an attribute, 0..1: the global min-max of the values of all classes, as the ground truth of figure 6.</summary>
    internal static Func<ModelClass, int, double> Shares(ModelRecord record)
    {
        var (least, most) = ((double)record.Classes.Min(c => c.Values.Min()), (double)record.Classes.Max(c => c.Values.Max()));
        return (entry, k) => most > least ? (entry.Values[k] - least) / (most - least) : 0;
    }

    /// <summary>The three strongest attributes of each group; their shares sum to 1.</summary>
    internal static IReadOnlyList<PromptAnswer> Of(IReadOnlyList<AttributeDescription> attributes, float[] scores, Func<int, double> answerValue) =>
        [.. attributes.Index().GroupBy(a => a.Item.Group).Select(group =>
        {
            var best = group.OrderByDescending(a => scores[a.Index]).Take(Shown).ToArray();
            var sum = best.Sum(a => (double)scores[a.Index]);
            return new PromptAnswer(group.Key, [.. best.Select(a =>
                new AttributeAnswer(a.Item.Name, a.Item.Phrase, sum > 0 ? scores[a.Index] / sum : 0, answerValue(a.Index)))])
            {
                AnswerAttributes = Strongest(group, answerValue),
            };
        })];

    /// <summary>What a class has most of; nothing that it lacks.</summary>
    internal static IReadOnlyList<AttributeOfClass> Strongest(IEnumerable<(int Index, AttributeDescription Item)> group, Func<int, double> value) =>
        [.. group.Select(a => new AttributeOfClass(a.Item.Name, a.Item.Phrase, value(a.Index))).Where(a => a.Value > 0).OrderByDescending(a => a.Value).Take(Shown)];
}

/// <summary>An attribute that a class has.</summary>
/// <param name="Attribute">Name of the attribute.</param>
/// <param name="Phrase">The attribute in words.</param>
/// <param name="Value">What the class has of it, 0..1: from the least to the largest value of all classes and attributes.</param>
public sealed record AttributeOfClass(string Attribute, string Phrase, double Value);

/// <summary>An attribute that a model reads off a picture.</summary>
/// <param name="Attribute">Name of the attribute.</param>
/// <param name="Phrase">The attribute in words.</param>
/// <param name="Share">Its score among those shown of its group, 0..1.</param>
/// <param name="AnswerValue">What the answer has of it, 0..1: from the least to the largest value of all classes and attributes.</param>
public sealed record AttributeAnswer(string Attribute, string Phrase, double Share, double AnswerValue)
{
    /// <summary>What the true class has of it, on the same scale; null where it is not known (<see cref="ZeroShotClassifier.WithTruth"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TrueValue { get; init; }
}
