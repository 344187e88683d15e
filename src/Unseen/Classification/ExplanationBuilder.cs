using Unseen.Experiments;
using Unseen.Semantics;

namespace Unseen.Classification;

/// <summary>Takes the lead of one class over another apart, attribute by attribute.</summary>
/// <param name="record">The model.</param>
/// <param name="statement">How the scores of the picture come from attributes.</param>
/// <param name="calibrated">Calibrated score of each class; minus infinity where it is no candidate.</param>
internal sealed class ExplanationBuilder(ModelRecord record, AttributeStatement statement, double[] calibrated)
{
    private readonly double divisor = record.Scale.Divisor();
    private readonly double lowest = statement.Values.Min(), highest = statement.Values.Max();

    /// <summary>What each attribute adds to the lead of a class over another, largest first.</summary>
    public IReadOnlyList<AttributeEvidence> Evidence(int answer, int rival) =>
        [.. record.Attributes.Select((_, k) => Evidence(answer, rival, k)).OrderByDescending(e => e.Contribution)];

    /// <summary>
    /// For each attribute the smallest change after which another class (or the one that was asked for) has the answer's score: those within what
    /// the model predicts first, then the smallest.
    /// </summary>
    public IReadOnlyList<AttributeFlip> Flips(int answer, int? asked = null) => [.. record.Attributes.Select((_, k) => Flip(answer, asked, k))
        .OfType<AttributeFlip>().OrderByDescending(f => f.IsWithin).ThenBy(f => Math.Abs(f.To - f.From))];

    private AttributeEvidence Evidence(int answer, int rival, int k)
    {
        var attribute = record.Attributes[k];
        var difference = Difference(answer, rival, k);
        return new(attribute.Name, attribute.Phrase, attribute.Group, statement.Values[k],
            ClassValue(answer, k), ClassValue(rival, k),
            statement.Values[k] * difference, statement.Effect?[k] * difference)
        {
            Attention = statement.Attention?[k],
            VisualAttention = statement.VisualAttention?[k],
        };
    }

    /// <summary>What a class has of an attribute, 0..1 (as in the dataset when its scale is raw).</summary>
    private double ClassValue(int answer, int k) => record.Classes[answer].Values[k] / divisor;

    /// <summary>The class c that needs the least: a_k + δ with δ (z_ck - z_answer,k) = lead over c.</summary>
    private AttributeFlip? Flip(int answer, int? asked, int k)
    {
        var (least, other) = (double.PositiveInfinity, -1);
        for (var c = 0; c < calibrated.Length; c++)
        {
            if (asked is { } only && c != only) continue;
            var change = (calibrated[answer] - calibrated[c]) / Difference(c, answer, k);
            if (c != answer && Math.Abs(change) < Math.Abs(least)) (least, other) = (change, c);
        }
        var (attribute, from) = (record.Attributes[k], (double)statement.Values[k]);
        return other < 0 ? null : new(attribute.Name, attribute.Phrase, from, from + least, record.Classes[other].Name)
        {
            Ahead = asked is not null && Ahead(answer, other, k, least) is { } third ? record.Classes[third].Name : null,
            IsWithin = from + least >= lowest && from + least <= highest,
        };
    }

    /// <summary>The class that would be ahead of two equal ones after a change of an attribute, or null.</summary>
    private int? Ahead(int answer, int other, int k, double change)
    {
        var (best, most) = ((int?)null, calibrated[answer]);
        for (var c = 0; c < calibrated.Length; c++)
            if (c != answer && c != other && calibrated[c] + (change * Difference(c, answer, k)) is var score && score > most + (1e-9 * Math.Max(1, Math.Abs(most)))) (best, most) = (c, score);
        return best;
    }

    private double Difference(int first, int second, int k) => (double)statement.ClassVectors[first][k] - statement.ClassVectors[second][k];
}
