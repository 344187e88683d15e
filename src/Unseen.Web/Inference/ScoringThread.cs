using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Unseen.Web.Monitoring;

namespace Unseen.Web.Inference;

/// <summary>
/// The one thread that runs the tensor library: pictures that are ready are scored together, everything else (explanations, trials, changes of
/// classes) takes its turn between two batches. A second thread would have a second pool of native threads and compete for the same cores.
/// </summary>
internal sealed partial class ScoringThread
{
    private readonly Channel<Work> waiting = Channel.CreateUnbounded<Work>(new() { SingleReader = true });
    private readonly Thread thread;
    private readonly int batch;
    private readonly ServerMetrics metrics;
    private readonly ILogger log;
    private int threads;        // of the tensor library

    /// <summary>Starts the thread. What it is given is bounded by the places of the queue that every request takes.</summary>
    public ScoringThread(int batch, ServerMetrics metrics, ILogger log)
    {
        (this.batch, this.metrics, this.log) = (batch, metrics, log);
        thread = new Thread(Run) { IsBackground = true, Name = "scoring" };
        thread.Start();
    }

    /// <summary>Scores a picture that was read.</summary>
    public void Score(PictureJob job) => Add(new(job, null));

    /// <summary>Runs something between two batches.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="cancellation">Leaves it out when it has not begun yet.</param>
    public Task<T> Run<T>(Func<T> action, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new(null, () =>
        {
            if (cancellation.IsCancellationRequested) done.TrySetCanceled(cancellation);
            else
            {
                try { done.TrySetResult(action()); }
                catch (Exception e) { done.TrySetException(e); }
            }
        }));
        return done.Task;
    }

    /// <summary>Finishes what was given and ends the thread.</summary>
    public void Stop()
    {
        waiting.Writer.TryComplete();
        thread.Join();
    }

    private void Add(Work work)
    {
        if (!waiting.Writer.TryWrite(work)) throw new Http.ProblemException(503, "The server is stopping.");
    }

    private void Run()
    {
        var jobs = new List<PictureJob>(batch);
        var reader = waiting.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            Action? next = null;
            while (next is null && jobs.Count < batch && reader.TryRead(out var work))
                if (work.Job is { } job) jobs.Add(job);
                else next = work.Action;
            foreach (var ofModel in jobs.GroupBy(j => j.Model)) Score(ofModel.Key, [.. ofModel]);
            jobs.Clear();
            next?.Invoke();
        }
    }

    private void Score(ServedModel model, List<PictureJob> jobs)
    {
        jobs.RemoveAll(WasCancelled);
        if (jobs.Count == 0) return;
        try
        {
            UseThreads(model);
            var results = model.Classifier.Classify([.. jobs.Select(j => j.Features!)]);
            metrics.Scored(jobs.Count);
            foreach (var (job, result) in jobs.Zip(results))
                if (result.Image is { } image) job.Finish(new(job.Features!, image));
                else job.Fail(result.Error!);
        }
        catch (Exception e)
        {
            LogFailure(e, model.Name);
            foreach (var job in jobs) job.Fail(e);
        }
    }

    /// <summary>
    /// Behind a backbone the readers have all cores, and threads that wait for each other's part of a product would spin on them: one of eight cores is enough. A
    /// model that reads the pictures itself has nearly all of its work here.
    /// </summary>
    private void UseThreads(ServedModel model)
    {
        var wanted = model.Record.Pictures is null ? Math.Max(1, Environment.ProcessorCount / 8) : Environment.ProcessorCount;
        if (wanted == threads) return;
        TorchSharp.torch.set_num_threads(wanted);
        threads = wanted;
    }

    /// <summary>Ends a job that nobody waits for. The token is read once: a job is ended and left out, or neither.</summary>
    private static bool WasCancelled(PictureJob job)
    {
        if (!job.Cancellation.IsCancellationRequested) return false;
        job.Cancel();
        return true;
    }

    [LoggerMessage(2, LogLevel.Error, "Scoring with {Model} failed")]
    private partial void LogFailure(Exception error, string model);

    private sealed record Work(PictureJob? Job, Action? Action);
}
