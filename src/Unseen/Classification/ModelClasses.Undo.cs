namespace Unseen.Classification;

public sealed partial class ModelClasses
{
    private const int KeptSteps = 100;

    /// <summary>
    /// Takes the last change back. One that is not saved is dropped, as if it had never been made; of saved ones all that were saved together, by a change that
    /// is a line of the history itself: taking that one back restores them. A class gets the very values, the split and the place back that it had.
    /// </summary>
    /// <returns>What was taken back, in the order in which it was made.</returns>
    /// <exception cref="UnseenException">There is no change, the history of an earlier version does not keep the former values, or the method cannot change classes.</exception>
    /// <exception cref="DatasetFormatException">The history file is damaged.</exception>
    public IReadOnlyList<ClassHistoryEntry> Undo()
    {
        RequireLive();
        if (Content.Previous is { } previous) return Drop(previous);
        return Content.Pending.Count == 0 ? Step(TakeBackSaved)
            : throw new UnseenException($"Of changes that are not saved the last {KeptSteps} can be taken back. Save, or read the classes again without the others.");
    }

    /// <summary>So many steps back: each holds lists of its own.</summary>
    private static ClassContent? Kept(ClassContent? content, int steps) =>
        content is null || steps == 0 ? null : content with { Previous = Kept(content.Previous, steps - 1) };

    private List<ClassHistoryEntry> Drop(ClassContent previous)
    {
        var dropped = Content.Pending.Skip(previous.Pending.Count).ToList();
        Content = previous;
        return dropped;
    }

    private List<ClassHistoryEntry> TakeBackSaved()
    {
        var history = History;
        if (history.Count == 0) throw new UnseenException("The classes are as they were at training: there is no change to take back.");
        var together = history.SkipWhile(change => change.Time != history[^1].Time).ToList();
        foreach (var change in Enumerable.Reverse(together)) Content = ClassUndo.TakeBack(Content, change);
        return together;
    }

    /// <summary>One change as a whole: it can be taken back before it is saved, and leaves nothing when it fails.</summary>
    private T Step<T>(Func<T> change)
    {
        var before = Content;
        try
        {
            var result = change();
            Content = Content with { Previous = Kept(before, KeptSteps) };
            return result;
        }
        catch
        {
            Content = before;
            throw;
        }
    }
}
