using System.Globalization;
using Unseen.Classification;
using Unseen.Experiments;

namespace Unseen.Cli.Commands;

/// <summary>A change of a class as text.</summary>
internal static class ClassChangeText
{
    private const int Shown = 3;

    /// <summary>"set", or "undo of 3 (set)".</summary>
    public static string Action(ClassHistoryEntry change) =>
        change.Undoes is { } undone ? $"undo of {CommandText.Of(undone)} ({change.Action})" : change.Action;

    /// <summary>What a change of values did, 0..1: "has_wing_color::blue: 0.2 -> 0.9, and 4 more"; nothing where the history does not say.</summary>
    public static string Difference(ModelRecord record, ClassHistoryEntry change) => Text(Differences(record, change).Select(d => $"{d.What}: {d.Old} -> {d.New}"));

    /// <summary>What taking it back does.</summary>
    public static string DifferenceBack(ModelRecord record, ClassHistoryEntry change) => Text(Differences(record, change).Select(d => $"{d.What}: {d.New} -> {d.Old}"));

    private static string Text(IEnumerable<string> differences)
    {
        var all = differences.ToList();
        return string.Join(", ", all.Take(Shown)) + (all.Count > Shown ? $", and {CommandText.Of(all.Count - Shown)} more" : "");
    }

    private static IEnumerable<(string What, string Old, string New)> Differences(ModelRecord record, ClassHistoryEntry change)
    {
        if (change.Action != "set" || change.Before is not { } before) yield break;
        if (before.Seen != change.Seen) yield return ("split", Split(before.Seen), Split(change.Seen));
        foreach (var (attribute, value) in record.Attributes.Zip(change.Values))
            if (before.Values.TryGetValue(attribute.Name, out var former)) yield return (attribute.Name, Value(record, former), Value(record, value));
    }

    private static string Split(bool isSeen) => isSeen ? "seen" : "unseen";

    private static string Value(ModelRecord record, float value) => record.UnitValues([value])[0].ToString(CultureInfo.InvariantCulture);
}
