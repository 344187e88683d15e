using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Unseen.Classification;

/// <summary>
/// Reads pictures on threads of its own, the next blocks while one is scored: no core waits for the last picture of a block. Never more than three
/// blocks are in memory.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    private readonly BlockingCollection<PictureBlock> blocks = new(boundedCapacity: 1);
    private readonly BlockingCollection<(PictureBlock Block, int Place)> pictures = [];
    private readonly CancellationTokenSource stop;
    private readonly CancellationToken cancellation;
    private readonly List<Thread> threads = [];
    private ExceptionDispatchInfo? fault;

    /// <summary>Starts to read.</summary>
    /// <param name="files">Blocks of files; enumerated on another thread.</param>
    /// <param name="read">Features of a file; called on several threads at once.</param>
    /// <param name="workers">Pictures that are read at the same time.</param>
    /// <param name="cancellation">Ends between pictures.</param>
    public ReadAhead(Func<CancellationToken, IEnumerable<string[]>> files, Func<string, float[]> read, int workers, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Start("pictures", () => Feed(files(stop.Token)));
        for (var worker = 0; worker < workers; worker++) Start("picture reader", () => ReadAll(read));
    }

    /// <summary>Blocks in order, each as soon as all of its pictures are read. An error of the files comes after what was there before it.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<PictureBlock> Blocks()
    {
        foreach (var block in blocks.GetConsumingEnumerable(cancellation))
        {
            block.Wait(cancellation);
            yield return block;
        }
        cancellation.ThrowIfCancellationRequested();
        fault?.Throw();
    }

    /// <summary>Stops and waits for the pictures in work.</summary>
    public void Dispose()
    {
        stop.Cancel();
        threads.ForEach(thread => thread.Join());
        blocks.Dispose();
        pictures.Dispose();
        stop.Dispose();
    }

    private void Start(string name, Action action)
    {
        var thread = new Thread(() => action()) { IsBackground = true, Name = name };
        threads.Add(thread);
        thread.Start();
    }

    private void Feed(IEnumerable<string[]> files)
    {
        try
        {
            foreach (var paths in files)
            {
                var block = new PictureBlock(paths);
                for (var place = 0; place < paths.Length; place++) pictures.Add((block, place));
                blocks.Add(block, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }       // nobody waits for more
        catch (Exception e) { fault = ExceptionDispatchInfo.Capture(e); }               // thrown by Blocks
        finally
        {
            pictures.CompleteAdding();
            blocks.CompleteAdding();
        }
    }

    private void ReadAll(Func<string, float[]> read)
    {
        foreach (var (block, place) in pictures.GetConsumingEnumerable())
        {
            if (stop.IsCancellationRequested) return;
            block.Read(place, read);
        }
    }
}
