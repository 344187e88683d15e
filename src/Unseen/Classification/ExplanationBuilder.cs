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

    /// <summary>
    /// The fewest changes within what the model predicts of the picture after which another class (or the one that was asked for) has the answer's
    /// score. Scores are sums over attributes, so that those that give most are the fewest.
    /// </summary>
    public AttributeChanges? Changes(int answer, int? asked = null)
    {
        var found = calibrated.Select((score, c) => c == answer || c != (asked ?? c) || double.IsNegativeInfinity(score) ? null : Changes(answer, c)).ToList();
        var fewest = found.Min(changes => changes?.Count);
        AttributeChanges? first = null;
        foreach (var (c, changes) in found.Index())
        {
            if (changes is null || changes.Count != fewest) continue;
            var told = Told(answer, c, changes);
            if (told.Ahead is null) return told;
            first ??= told;         // of as few changes, those after which the class itself would be the answer come first
        }
        return first;
    }

    private AttributeChanges Told(int answer, int other, IReadOnlyList<(int Attribute, double Change)> changes)
    {
        double Changed(int c) => calibrated[c] + changes.Sum(change => change.Change * Difference(c, answer, change.Attribute));
        return new(record.Classes[other].Name, [.. changes.Select(change => Change(change.Attribute, change.Change))])
        {
            Ahead = Ahead(answer, other, Changed) is { } third ? record.Classes[third].Name : null,
        };
    }

    /// <summary>
    /// Largest gains first, up to the lead; the last change is no larger than it must be. Null where all together do not suffice, or where the class is level
    /// already.
    /// </summary>
    private List<(int Attribute, double Change)>? Changes(int answer, int other)
    {
        var changes = new List<(int Attribute, double Change)>();
        var lead = calibrated[answer] - calibrated[other];
        foreach (var (k, change, gain) in record.Attributes.Select((_, k) => Gain(answer, other, k)).Where(g => g.Gain > 0).OrderByDescending(g => g.Gain))
        {
            if (lead <= 0) break;
            changes.Add((k, gain > lead ? change * lead / gain : change));
            lead -= gain;
        }
        return lead <= 0 && changes.Count > 0 ? changes : null;
    }

    /// <summary>The change of an attribute to the least or the largest predicted value that takes most from the lead over another class.</summary>
    private (int Attribute, double Change, double Gain) Gain(int answer, int other, int k)
    {
        var difference = Difference(other, answer, k);
        var change = (difference > 0 ? highest : lowest) - statement.Values[k];
        return (k, change, change * difference);
    }

    private AttributeChange Change(int k, double change) =>
        new(record.Attributes[k].Name, record.Attributes[k].Phrase, statement.Values[k], statement.Values[k] + change);

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
            Ahead = asked is not null && Ahead(answer, other, c => calibrated[c] + (least * Difference(c, answer, k))) is { } third
                ? record.Classes[third].Name : null,
            IsWithin = from + least >= lowest && from + least <= highest,
        };
    }

    /// <summary>The class that would be ahead of two equal ones by changed scores, of which the answer's is its own still; or null.</summary>
    private int? Ahead(int answer, int other, Func<int, double> changed)
    {
        var (best, most) = ((int?)null, calibrated[answer]);
        for (var c = 0; c < calibrated.Length; c++)
            if (c != answer && c != other && changed(c) is var score && score > most + (1e-9 * Math.Max(1, Math.Abs(most)))) (best, most) = (c, score);
        return best;
    }

    private double Difference(int first, int second, int k) => (double)statement.ClassVectors[first][k] - statement.ClassVectors[second][k];
}
