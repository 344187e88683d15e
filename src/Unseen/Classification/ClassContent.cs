using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>Classes with the changes that are not saved yet.</summary>
internal sealed record ClassContent(ModelRecord Record, IReadOnlyList<ClassHistoryEntry> Pending)
{
    /// <summary>The content before the last unsaved change; null when there is none.</summary>
    public ClassContent? Previous { get; init; }

    /// <summary>The content with a class more.</summary>
    public ClassContent With(ModelClass added, int place, IReadOnlyList<string> filledFrom) =>
        After("add", added, filledFrom, null, [.. Record.Classes.Take(place), added, .. Record.Classes.Skip(place)]);

    /// <summary>The content with another class of the same name at the place of a class.</summary>
    public ClassContent With(ModelClass changed, ModelClass former, IReadOnlyList<string> filledFrom)
    {
        var values = former.Values.Index().Where(v => !IsSame(v.Item, changed.Values[v.Index])).ToDictionary(v => Record.Attributes[v.Index].Name, v => v.Item, StringComparer.Ordinal);
        var place = PlaceOf(former);
        return After("set", changed, filledFrom, new(place, former.Seen, values), [.. Record.Classes.Take(place), changed, .. Record.Classes.Skip(place + 1)]);
    }

    /// <summary>The content without a class.</summary>
    public ClassContent Without(ModelClass removed) =>
        After("remove", removed, [], new(PlaceOf(removed), removed.Seen, new Dictionary<string, float>()), [.. Record.Classes.Where(c => c != removed)]);

    /// <summary>The content whose last change takes back an earlier one.</summary>
    public ClassContent Undoing(int change) => this with { Pending = [.. Pending.SkipLast(1), Pending[^1] with { Undoes = change }] };

    private int PlaceOf(ModelClass entry) => Record.Classes.Index().First(c => ReferenceEquals(c.Item, entry)).Index;

    /// <summary>The same to the bit: what the history keeps brings back 0 as 0 and -0 as -0.</summary>
    private static bool IsSame(float one, float other) => BitConverter.SingleToInt32Bits(one) == BitConverter.SingleToInt32Bits(other);

    private ClassContent After(string action, ModelClass entry, IReadOnlyList<string> filledFrom, FormerClass? before, IReadOnlyList<ModelClass> classes)
    {
        var touchesSeen = entry.Seen || before is { Seen: true };
        var record = Record with
        {
            Classes = classes,
            SeenAtTraining = Record.SeenAtTraining ?? (touchesSeen ? [.. Record.Classes.Where(c => c.Seen)] : null),
        };
        return new(record, [.. Pending, new(0, default, action, entry.Name, entry.Seen, entry.Values, filledFrom) { Before = before }]);
    }
}
