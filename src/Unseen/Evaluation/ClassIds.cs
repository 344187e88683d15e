namespace Unseen.Evaluation;

/// <summary>Checks of class ids.</summary>
internal static class ClassIds
{
    /// <summary>Position of the first id that is not in 0..classes-1, or -1.</summary>
    public static int FirstOutside(ReadOnlySpan<int> ids, int classes) =>
        classes == 0 ? (ids.IsEmpty ? -1 : 0) : ids.IndexOfAnyExceptInRange(0, classes - 1);
}
