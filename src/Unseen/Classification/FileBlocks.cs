namespace Unseen.Classification;

/// <summary>Cuts a sequence of files into blocks.</summary>
internal static class FileBlocks
{
    /// <summary>How long a block that has a file waits for another one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>Full blocks of a list; of a sequence that is still growing also less, when no more comes for a moment: whoever feeds it may wait for answers.</summary>
    /// <param name="files">Files.</param>
    /// <param name="size">How many make a block; asked for each.</param>
    /// <param name="cancellation">Ends the wait for more.</param>
    public static IEnumerable<string[]> Of(IEnumerable<string> files, Func<int> size, CancellationToken cancellation) =>
        files is IReadOnlyCollection<string> ? Whole(files, size) : Growing(files, size, cancellation);

    private static IEnumerable<string[]> Whole(IEnumerable<string> files, Func<int> size)
    {
        var block = new List<string>();
        foreach (var file in files)
        {
            block.Add(file);
            if (block.Count < size()) continue;
            yield return [.. block];
            block.Clear();
        }
        if (block.Count > 0) yield return [.. block];
    }

    private static IEnumerable<string[]> Growing(IEnumerable<string> files, Func<int> size, CancellationToken cancellation)
    {
        var each = files.GetEnumerator();
        var next = Task.Run(each.MoveNext, CancellationToken.None);
        try
        {
            var block = new List<string>();
            while (next.WaitAsync(cancellation).GetAwaiter().GetResult())
            {
                block.Add(each.Current);
                next = Task.Run(each.MoveNext, CancellationToken.None);
                if (block.Count < size() && CameWithin(next, cancellation)) continue;
                yield return [.. block];
                block.Clear();
            }
            if (block.Count > 0) yield return [.. block];
        }
        finally
        {
            // A read may still be waiting: the sequence is let go when it has come back.
            _ = next.ContinueWith(_ => each.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>True also at the end. An error comes where the next file is taken, after what was there before it.</summary>
    private static bool CameWithin(Task next, CancellationToken cancellation)
    {
        try { return next.Wait(Patience.Milliseconds, cancellation); }
        catch (AggregateException) { return false; }
    }
}
