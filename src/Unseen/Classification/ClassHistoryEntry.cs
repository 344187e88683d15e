using System.Text.Json.Serialization;

namespace Unseen.Classification;

/// <summary>One change of the classes of a model: a line of classes-history.jsonl. Changes that were saved together have the same time.</summary>
/// <param name="Change">Number of the change, from 1.</param>
/// <param name="Time">When it was saved, UTC.</param>
/// <param name="Action">"add", "remove" or "set".</param>
/// <param name="Class">Name of the class.</param>
/// <param name="Seen">True when the class counts as seen.</param>
/// <param name="Values">All values of the class after the change, or before its removal, in the model's scale.</param>
/// <param name="FilledFrom">Where values that were not given come from; empty when all were given.</param>
public sealed record ClassHistoryEntry(
    int Change, DateTimeOffset Time, string Action, string Class, bool Seen, IReadOnlyList<float> Values, IReadOnlyList<string> FilledFrom)
{
    /// <summary>What the change replaced or removed; null for an added class, and for changes that an earlier version made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FormerClass? Before { get; init; }

    /// <summary>Number of the change that this one takes back, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Undoes { get; init; }
}

/// <summary>What a change of a class replaced.</summary>
/// <param name="Place">Place of the class among all, from 0.</param>
/// <param name="Seen">True when it counted as seen.</param>
/// <param name="Values">
/// Former values of the attributes that changed, by name, in the model's scale; of a removed class none: <see cref="ClassHistoryEntry.Values"/> has them all.
/// </param>
public sealed record FormerClass(int Place, bool Seen, IReadOnlyDictionary<string, float> Values);
