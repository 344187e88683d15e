using System.Runtime.ExceptionServices;

namespace Unseen.Classification;

/// <summary>Files that are read side by side and scored together; at least one.</summary>
internal sealed class PictureBlock(string[] paths)
{
    private readonly TaskCompletionSource allRead = new();
    private int unread = paths.Length;
    private ExceptionDispatchInfo? fault;

    public IReadOnlyList<string> Paths { get; } = paths;

    /// <summary>Features of the pictures that could be read, by place.</summary>
    public float[]?[] Features { get; } = new float[paths.Length][];

    /// <summary>Why the others could not, by place.</summary>
    public UnseenException?[] Errors { get; } = new UnseenException[paths.Length];

    /// <summary>Reads one picture.</summary>
    public void Read(int place, Func<string, float[]> read)
    {
        try { Features[place] = read(Paths[place]); }
        catch (UnseenException e) { Errors[place] = e; }
        catch (Exception e) { Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(e), null); }       // thrown by Wait
        if (Interlocked.Decrement(ref unread) == 0) allRead.SetResult();
    }

    /// <summary>Waits until all are read.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Wait(CancellationToken cancellation)
    {
        allRead.Task.Wait(cancellation);
        fault?.Throw();
    }
}
