using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Unseen.Web.Http;
using Unseen.Web.Monitoring;

namespace Unseen.Web.Inference;

/// <summary>
/// The bounded queue. A request takes its places before any work is done, or is refused; workers decode pictures and send them through the
/// backbones, one picture per thread, and the scoring thread takes whatever is ready as one batch. Batches thus grow with the load, and nobody
/// waits for one to fill.
/// </summary>
internal sealed partial class PictureQueue
{
    private readonly Channel<PictureJob> waiting;
    private readonly List<Thread> workers;
    private readonly ScoringThread scoring;
    private readonly TaskFactory beside = new(new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount).ConcurrentScheduler);
    private readonly ServerMetrics metrics;
    private readonly ILogger log;
    private readonly int capacity;
    private int taken;

    /// <summary>Starts the threads.</summary>
    public PictureQueue(ServerOptions options, ServerMetrics metrics, ILogger log)
    {
        (this.metrics, this.log, capacity) = (metrics, log, options.Queue);
        waiting = Channel.CreateBounded<PictureJob>(options.Queue);
        scoring = new(options.Batch, metrics, log);
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        workers = [.. Enumerable.Range(0, threads).Select(i => new Thread(Read) { IsBackground = true, Name = $"reader {i}" })];
        workers.ForEach(worker => worker.Start());
        metrics.Observe(() => Volatile.Read(ref taken), capacity);
    }

    /// <summary>True when not one more picture would be taken.</summary>
    public bool IsFull => Volatile.Read(ref taken) >= capacity;

    /// <summary>Refuses early, before a body is read, what would be refused afterwards.</summary>
    /// <exception cref="ProblemException">429: the queue is full.</exception>
    public void RequirePlace()
    {
        if (IsFull) throw Full(1);
    }

    /// <summary>Takes pictures, which are the queue's from now on also when it refuses them.</summary>
    /// <param name="model">The model that is asked.</param>
    /// <param name="pictures">Uploads.</param>
    /// <param name="scores">True to classify them, false for their features only.</param>
    /// <param name="cancellation">Ends with the request.</param>
    /// <exception cref="ProblemException">429: there are not enough places; none was taken.</exception>
    public IReadOnlyList<PictureJob> Add(ServedModel model, IReadOnlyList<EncodedPicture> pictures, bool scores, CancellationToken cancellation)
    {
        if (!Take(pictures.Count))
        {
            foreach (var picture in pictures) picture.Dispose();
            throw Full(pictures.Count);
        }
        var jobs = pictures.Select(picture => new PictureJob(model, picture, scores, Release, cancellation)).ToList();
        foreach (var job in jobs)
            if (!waiting.Writer.TryWrite(job)) job.Fail(new ProblemException(503, "The server is stopping."));
        return jobs;
    }

    /// <summary>Runs something on the thread of the tensor library; takes one place.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="cancellation">Leaves it out when it has not begun yet.</param>
    /// <exception cref="ProblemException">429: the queue is full.</exception>
    public async Task<T> Run<T>(Func<T> action, CancellationToken cancellation)
    {
        if (!Take(1)) throw Full(1);
        try { return await scoring.Run(action, cancellation); }
        finally { Release(); }
    }

    /// <summary>Runs something long beside the thread of the tensor library, as many at once as there are processors; takes one place.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="cancellation">Leaves it out when it has not begun yet.</param>
    /// <exception cref="ProblemException">429: the queue is full.</exception>
    public async Task<T> RunBeside<T>(Func<T> action, CancellationToken cancellation)
    {
        if (!Take(1)) throw Full(1);
        try { return await beside.StartNew(action, cancellation); }
        finally { Release(); }
    }

    /// <summary>Finishes what is in the queue and ends the threads.</summary>
    public void Stop()
    {
        waiting.Writer.TryComplete();
        workers.ForEach(worker => worker.Join());
        scoring.Stop();
    }

    private void Read()
    {
        while (waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (waiting.Reader.TryRead(out var job)) Read(job);
    }

    private void Read(PictureJob job)
    {
        try
        {
            if (job.Cancellation.IsCancellationRequested)
            {
                job.Cancel();
                return;
            }
            job.Features = job.Model.Classifier.Read(job.Picture.Bytes, job.Picture.Name);
            job.Picture.Dispose();
            metrics.Picture(job.Model.Name, "read");
            if (job.Scores) scoring.Score(job);
            else job.Finish(new(job.Features, null));
        }
        catch (Exception e)
        {
            metrics.Picture(job.Model.Name, "refused");
            if (e is not (UnseenException or ProblemException)) LogFailure(e, job.Model.Name);
            job.Fail(e);
        }
    }

    private bool Take(int places)
    {
        for (int now; (now = Volatile.Read(ref taken)) + places <= capacity;)
            if (Interlocked.CompareExchange(ref taken, now + places, now) == now) return true;
        return false;
    }

    private void Release() => Interlocked.Decrement(ref taken);

    private ProblemException Full(int places) => ProblemException.Busy(places == 1
        ? $"The queue of {capacity} pictures is full. Try again in a moment."
        : $"The queue of {capacity} pictures has no place for {places} more. Try again in a moment, or send fewer at once.");

    [LoggerMessage(3, LogLevel.Error, "Reading a picture with {Model} failed")]
    private partial void LogFailure(Exception error, string model);
}
