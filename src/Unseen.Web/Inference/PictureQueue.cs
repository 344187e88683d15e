using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Unseen.Classification;
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

    /// <summary>Takes pictures to classify, one place each, which are the queue's from now on also when it refuses them.</summary>
    /// <param name="model">The model that is asked.</param>
    /// <param name="pictures">Uploads.</param>
    /// <param name="cancellation">Ends with the request.</param>
    /// <exception cref="ProblemException">429: there are not enough places; none was taken.</exception>
    public IReadOnlyList<PictureJob> Add(ServedModel model, IReadOnlyList<ReceivedFile> pictures, CancellationToken cancellation)
    {
        if (!Take(pictures.Count))
        {
            foreach (var picture in pictures) picture.Dispose();
            throw Full(pictures.Count);
        }
        var jobs = pictures.Select(picture => new PictureJob(model, picture, scores: true, Release, cancellation)).ToList();
        jobs.ForEach(Add);
        return jobs;
    }

    /// <summary>
    /// Does the steps of a request that takes one place from the first to the last. Who waits gives up with the request, in the middle of a step as
    /// well; place and upload are given back when the work has ended.
    /// </summary>
    /// <param name="sent">What came with the request; it is the queue's from now on also when it refuses. Null when there is nothing.</param>
    /// <param name="steps">The work, made of the steps below.</param>
    /// <param name="cancellation">Ends with the request.</param>
    /// <exception cref="ProblemException">429: the queue is full.</exception>
    public Task<T> Work<T>(ReceivedFile? sent, Func<Task<T>> steps, CancellationToken cancellation) => Change(sent, steps).WaitAsync(cancellation);

    /// <summary>As Work, but who waits is told how it ended: a change that was made must not be answered as if it was not.</summary>
    /// <exception cref="ProblemException">429: the queue is full.</exception>
    public async Task<T> Change<T>(ReceivedFile? sent, Func<Task<T>> steps)
    {
        using (sent)
        {
            if (!Take(1)) throw Full(1);
            try { return await steps(); }
            finally { Release(); }
        }
    }

    /// <summary>A step: decodes a picture and sends it through the backbones.</summary>
    /// <param name="model">The model that is asked.</param>
    /// <param name="picture">The upload; given back as soon as it was read.</param>
    /// <param name="cancellation">Leaves it out when it has not begun yet.</param>
    public async Task<ImageFeatures> Read(ServedModel model, ReceivedFile picture, CancellationToken cancellation)
    {
        var job = new PictureJob(model, picture, scores: false, release: null, cancellation);
        Add(job);
        return (await job.Task).Features;
    }

    /// <summary>A step: runs something on the thread of the tensor library.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="cancellation">Leaves it out when it has not begun yet.</param>
    public Task<T> Between<T>(Func<T> action, CancellationToken cancellation) => scoring.Run(action, cancellation);

    /// <summary>A step: runs something long beside the thread of the tensor library, as many at once as there are processors.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="cancellation">Leaves it out when it has not begun yet.</param>
    public Task<T> Beside<T>(Func<T> action, CancellationToken cancellation) => beside.StartNew(action, cancellation);

    /// <summary>Finishes what is in the queue and ends the threads.</summary>
    public void Stop()
    {
        waiting.Writer.TryComplete();
        workers.ForEach(worker => worker.Join());
        scoring.Stop();
    }

    private void Add(PictureJob job)
    {
        if (!waiting.Writer.TryWrite(job)) job.Fail(new ProblemException(503, "The server is stopping."));
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
