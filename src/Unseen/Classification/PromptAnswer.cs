using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>What a picture shows according to a model that reads prompts (DUET, section 4.5 and figure 6).</summary>
/// <param name="Prompt">Group of attributes that was asked for.</param>
/// <param name="Attributes">The strongest answers, best first.</param>
public sealed record PromptAnswer(string Prompt, IReadOnlyList<PromptedAttribute> Attributes)
{
    private const int Shown = 3;

    /// <summary>The three strongest attributes of each group; their shares sum to 1.</summary>
    internal static IReadOnlyList<PromptAnswer> Of(IReadOnlyList<AttributeDescription> attributes, float[] scores, Func<int, double> answerValue) =>
        [.. attributes.Index().GroupBy(a => a.Item.Group).Select(group =>
        {
            var best = group.OrderByDescending(a => scores[a.Index]).Take(Shown).ToArray();
            var sum = best.Sum(a => (double)scores[a.Index]);
            return new PromptAnswer(group.Key, [.. best.Select(a =>
                new PromptedAttribute(a.Item.Name, a.Item.Phrase, sum > 0 ? scores[a.Index] / sum : 0, answerValue(a.Index)))]);
        })];
}

/// <summary>An attribute that a model reads off a picture.</summary>
/// <param name="Attribute">Name of the attribute.</param>
/// <param name="Phrase">The attribute in words.</param>
/// <param name="Share">Its score among those shown of its group, 0..1.</param>
/// <param name="AnswerValue">What the answer has of it, 0..1 (as in the dataset when its scale is raw).</param>
public sealed record PromptedAttribute(string Attribute, string Phrase, double Share, double AnswerValue);
