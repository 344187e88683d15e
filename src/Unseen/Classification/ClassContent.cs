using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>Classes with the changes that are not saved yet.</summary>
internal sealed record ClassContent(ModelRecord Record, IReadOnlyList<ClassHistoryEntry> Pending)
{
    /// <summary>The content after one more change.</summary>
    public ClassContent With(string action, ModelClass entry, IReadOnlyList<string> filledFrom, IReadOnlyList<ModelClass> classes)
    {
        var touchesSeen = entry.Seen || Record.Classes.Any(c => c.Name == entry.Name && c.Seen);
        var record = Record with
        {
            Classes = classes,
            SeenAtTraining = Record.SeenAtTraining ?? (touchesSeen ? [.. Record.Classes.Where(c => c.Seen)] : null),
        };
        return new(record, [.. Pending, new(0, default, action, entry.Name, entry.Seen, entry.Values, filledFrom)]);
    }
}
