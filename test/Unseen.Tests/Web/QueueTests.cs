using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Unseen.Classification;
using Unseen.Tests.Classification;
using Unseen.Tests.Features;
using Unseen.Web;
using Unseen.Web.Http;
using Unseen.Web.Inference;
using Unseen.Web.Monitoring;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>Places: taken before the work, given back when it has ended, each exactly once.</summary>
public sealed class QueueTests(PictureRun run) : IClassFixture<PictureRun>
{
    private readonly MemoryBudget memory = new(1 << 20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_of_several_steps_has_one_place_from_the_first_to_the_last()
    {
        using var model = Model();
        using var metrics = new ServerMetrics();
        var queue = Queue(metrics);
        var sent = Upload();
        var wasFull = await queue.Work(sent, async () =>
        {
            var picture = await queue.Read(model, sent, Cancellation);
            Assert.Equal(429, Assert.Throws<ProblemException>(() => queue.Add(model, [Upload()], Cancellation)).Status);
            var other = await Assert.ThrowsAsync<ProblemException>(() => queue.Work(Upload(), () => Task.FromResult(0), Cancellation));
            return other.Status == 429 && picture.Name == "one" && await queue.Between(() => queue.IsFull, Cancellation) && await queue.Beside(() => queue.IsFull, Cancellation);
        }, Cancellation);
        Assert.True(wasFull);
        Assert.False(queue.IsFull);
        queue.Stop();
    }

    [Fact]
    public async Task Who_gives_up_waits_no_longer_and_the_place_is_free_when_the_work_has_ended()
    {
        using var metrics = new ServerMetrics();
        var queue = Queue(metrics);
        using var gate = new Gate();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sent = Upload();
        var waiting = queue.Work(sent, () => queue.Between(() =>
        {
            begun.SetResult();
            gate.Wait(Cancellation);
            return sent.Bytes.Length;
        }, impatient.Token), impatient.Token);
        await begun.Task;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.True(queue.IsFull);
        Assert.NotEqual(0, sent.Bytes.Length);      // still there for the step that is in work
        gate.Set();
        for (var clock = Stopwatch.StartNew(); queue.IsFull; await Task.Delay(10, Cancellation)) Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "The place is lost.");
        Assert.Throws<ObjectDisposedException>(() => sent.Bytes.Length);
        queue.Stop();
    }

    /// <summary>The end of the second cancels the first, between two looks at its token.</summary>
    [Fact]
    public async Task A_picture_that_is_cancelled_while_another_is_ended_does_not_lose_its_place()
    {
        using var model = Model();
        using var metrics = new ServerMetrics();
        var scoring = new ScoringThread(8, metrics, NullLogger.Instance);
        using var gate = new Gate();
        using var late = new CancellationTokenSource();
        var released = new List<string>();
        var first = Job(model, () => released.Add("first"), late.Token);
        var second = Job(model, () => { late.Cancel(); released.Add("second"); }, new(canceled: true));
        var held = scoring.Run(() => { gate.Wait(Cancellation); return 0; }, Cancellation);
        scoring.Score(first);
        scoring.Score(second);
        gate.Set();
        await held;
        scoring.Stop();
        Assert.Equal(["second", "first"], released);
    }

    private PictureJob Job(ServedModel model, Action release, CancellationToken cancellation)
    {
        var sent = Upload();
        return new(model, sent, scores: true, release, cancellation) { Features = model.Classifier.Read(sent.Bytes, sent.Name) };
    }

    private ServedModel Model() => new("birds", ZeroShotClassifier.Load(run.Model("ridge")));

    private static PictureQueue Queue(ServerMetrics metrics) => new(new ServerOptions { Models = [], Queue = 1, Threads = 1 }, metrics, NullLogger.Instance);

    private ReceivedFile Upload()
    {
        var png = TestPictures.Png(9, 9, 1);
        var block = memory.Rent(png.Length);
        png.CopyTo(block, 0);
        return new("one", block, png.Length, memory);
    }
}
