using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>Takes the last change back by what the history keeps of it.</summary>
internal static class ClassUndo
{
    /// <summary>The content after a change that takes back the last one.</summary>
    /// <exception cref="UnseenException">The history does not keep what is needed, or the classes are not as the change left them.</exception>
    public static ClassContent TakeBack(ClassContent content, ClassHistoryEntry change)
    {
        var next = change.Action switch
        {
            "add" when content.Record.Classes.Count == 1 => throw Refused(change, "the model would have no class left."),
            "add" => content.Without(Present(content, change)),
            "set" => SetBack(content, change),
            "remove" => BringBack(content, change),
            _ => throw Refused(change, $"it is a '{change.Action}', which this version does not know."),
        };
        return next.Undoing(change.Change);
    }

    private static ClassContent SetBack(ClassContent content, ClassHistoryEntry change)
    {
        var before = change.Before ?? throw Refused(change, "an earlier version made it, whose history keeps no former values. Set the attributes of the class instead.");
        var present = Present(content, change);
        var values = content.Record.Attributes.Zip(present.Values, (a, value) => before.Values.GetValueOrDefault(a.Name, value)).ToArray();
        return content.With(present with { Seen = before.Seen, Values = Stored(values, content, change) }, present, []);
    }

    /// <summary>A class that an earlier version removed has its values in the history, but not its place: it becomes the last one.</summary>
    private static ClassContent BringBack(ClassContent content, ClassHistoryEntry change)
    {
        if (content.Record.Classes.Any(c => c.Name == change.Class)) throw Changed(change);
        if (change.Class.Length == 0) throw Refused(change, "its name in the history is empty.");
        var (last, removed) = (content.Record.Classes.Count, new ModelClass(change.Class, change.Seen, Stored(change.Values, content, change)));
        return content.With(removed, Math.Clamp(change.Before?.Place ?? last, 0, last), []);
    }

    /// <summary>The class as the change left it.</summary>
    private static ModelClass Present(ClassContent content, ClassHistoryEntry change) =>
        content.Record.Classes.FirstOrDefault(c => c.Name == change.Class && c.Seen == change.Seen && c.Values.SequenceEqual(change.Values)) ?? throw Changed(change);

    /// <summary>Values that a model may hold: the file of the history is untrusted.</summary>
    private static IReadOnlyList<float> Stored(IReadOnlyList<float> values, ClassContent content, ClassHistoryEntry change) =>
        values.Count == content.Record.Attributes.Count && values.All(float.IsFinite) ? values : throw Refused(change, "its values in the history are damaged.");

    private static UnseenException Changed(ClassHistoryEntry change) =>
        Refused(change, "the class is not as this change left it: model.json was changed by something else. Put back the model folder from a backup.");

    private static UnseenException Refused(ClassHistoryEntry change, string why) =>
        new($"Change {change.Change} ({change.Action} '{change.Class}') cannot be taken back: {why}");
}
