using System.Diagnostics;
using System.Runtime;
using System.Runtime.CompilerServices;
using TorchSharp;
using Unseen.Models.Cvsc;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests;

/// <summary>ADR 22. Tests run one at a time, so that nobody else collects or allocates.</summary>
public sealed class CollectionPauseTests
{
    private const int Block = 1 << 20;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30), AMoment = TimeSpan.FromMilliseconds(200);

    /// <summary>No test leaves a region behind.</summary>
    public CollectionPauseTests() => Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsPaused => GCSettings.LatencyMode == GCLatencyMode.NoGCRegion;

    [Fact]
    public void Nothing_is_collected_within_a_section_while_another_thread_allocates()
    {
        using var section = CollectionPause.Begin();
        var before = GC.CollectionCount(0);
        OnAnotherThread(() => Allocate(CollectionPause.Budget / 3));
        Assert.Equal(before, GC.CollectionCount(0));
        Assert.True(IsPaused);
    }

    [Fact]
    public void Garbage_of_a_section_is_collected_before_a_later_one()
    {
        WeakReference dropped;
        using (CollectionPause.Begin())
        {
            dropped = Dropped();
            Allocate(CollectionPause.Garbage + Block);
            Assert.True(dropped.IsAlive);
        }
        using (CollectionPause.Begin()) Assert.False(dropped.IsAlive);
    }

    [Fact]
    public void Memory_stays_flat_over_many_sections()
    {
        for (var i = 0; i < 200; i++)
            using (CollectionPause.Begin()) Allocate(Block);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: false), 0, GC.GetTotalMemory(forceFullCollection: true) + 8 * CollectionPause.Garbage);
    }

    [Fact]
    public void A_section_within_a_section_does_not_end_it()
    {
        using (CollectionPause.Begin())
        {
            using (CollectionPause.Begin()) Assert.True(IsPaused);
            Assert.True(IsPaused);
        }
        Assert.False(IsPaused);
    }

    [Fact]
    public void An_exception_ends_a_section()
    {
        Assert.Throws<InvalidOperationException>((Action)Fail);
        Assert.False(IsPaused);
    }

    private static void Fail()
    {
        using var section = CollectionPause.Begin();
        throw new InvalidOperationException();
    }

    [Fact]
    public async Task Two_threads_may_be_inside_at_once()
    {
        using var first = new Visitor();
        Assert.True(first.Entered.Wait(Soon, Token));
        OnAnotherThread(() =>
        {
            using var section = CollectionPause.Begin();
            Assert.True(IsPaused);
        });
        Assert.True(IsPaused);
        await first.Leave();
        Assert.False(IsPaused);
    }

    [Fact]
    public async Task Who_comes_after_half_of_the_budget_waits_until_the_others_have_left()
    {
        using var first = new Visitor();
        Assert.True(first.Entered.Wait(Soon, Token));
        var before = GC.CollectionCount(0);
        Allocate(CollectionPause.Budget / 2 + Block);
        using var second = new Visitor();
        Assert.False(second.Entered.Wait(AMoment, Token));
        Assert.Equal(before, GC.CollectionCount(0));
        await first.Leave();
        Assert.True(second.Entered.Wait(Soon, Token));
        Assert.True(GC.CollectionCount(0) > before);
        Assert.True(IsPaused);
        await second.Leave();
    }

    [Fact]
    public void A_region_of_the_program_is_left_alone()
    {
        Assert.True(GC.TryStartNoGCRegion(Block));
        using (CollectionPause.Begin()) Assert.True(IsPaused);
        Assert.True(IsPaused);
        GC.EndNoGCRegion();
        using (CollectionPause.Begin()) Assert.True(IsPaused);
        Assert.False(IsPaused);
    }

    [Fact]
    public void A_region_that_ended_by_itself_is_followed_by_a_new_one()
    {
        using (CollectionPause.Begin())
        {
            GC.Collect();
            Assert.False(IsPaused);
        }
        using (CollectionPause.Begin()) Assert.True(IsPaused);
        Assert.False(IsPaused);
    }

    [Fact]
    public void A_region_that_the_program_began_after_ours_ended_by_itself_is_left_alone()
    {
        using (CollectionPause.Begin())
        {
            GC.Collect();
            Assert.True(GC.TryStartNoGCRegion(Block));
        }
        Assert.True(IsPaused);
        GC.EndNoGCRegion();
    }

    /// <summary>Without the section a number is freed before it is read within a tenth of a second or so.</summary>
    [Fact]
    public async Task Numbers_live_until_they_are_read_while_another_thread_allocates()
    {
        using var stop = new CancellationTokenSource();
        var other = Task.Run(() => { while (!stop.IsCancellationRequested) { Allocate(Block); Thread.Sleep(1); } }, Token);
        using var zero = zeros(100);
        var clock = Stopwatch.StartNew();
        for (var i = 0; clock.ElapsedMilliseconds < 1000; i++)
        {
            using var section = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            for (var number = 0.5; number < 10; number++) Assert.Equal(number, (zero + number)[i % 100].ToDouble());
        }
        await stop.CancelAsync();
        await other;
    }

    [Fact]
    public void Steps_and_batches_are_sections_and_the_time_between_is_not()
    {
        var problem = TinyProblem.Create();
        using var model = new CvscModel(new CvscOptions(), problem);
        var (steps, batches, between) = (new List<bool>(), new List<bool>(), new List<bool>());
        var context = new FitContext
        {
            Seed = 1,
            Cancellation = Token,
            Recipe = new() { Epochs = 2, BatchSize = 6 },
            Progress = new Immediate(() => steps.Add(IsPaused)),
            Tracker = new Epochs(() => between.Add(IsPaused)),
        };
        Trainer.Fit(model, problem, context, EpochCriterion.BestGammaH);
        Scoring.ForEachBatch(model, problem, problem.Evaluation, (_, _) => batches.Add(IsPaused), new Immediate(() => between.Add(IsPaused)), Token);
        Assert.NotEmpty(steps);
        Assert.All(steps.Concat(batches), Assert.True);
        Assert.All(between, Assert.False);
    }

    private static void OnAnotherThread(Action action) => Task.Factory.StartNew(
        action, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();

    private static void Allocate(long bytes)
    {
        for (; bytes > 0; bytes -= 1024) GC.KeepAlive(new byte[1000]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Dropped() => new(new object());

    /// <summary>A thread that enters a section and stays until it is told to leave.</summary>
    private sealed class Visitor : IDisposable
    {
        private readonly ManualResetEventSlim leave = new();
        private readonly Task stay;

        public Visitor() => stay = Task.Factory.StartNew(Stay, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        public ManualResetEventSlim Entered { get; } = new();

        private void Stay()
        {
            using var section = CollectionPause.Begin();
            Entered.Set();
            leave.Wait();
        }

        public Task Leave()
        {
            leave.Set();
            return stay;
        }

        public void Dispose()
        {
            leave.Set();
            stay.GetAwaiter().GetResult();
            leave.Dispose();
            Entered.Dispose();
        }
    }

    private sealed class Immediate(Action act) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => act();
    }

    private sealed class Epochs(Action act) : IRunTracker
    {
        public void Log(string phase, EpochRecord epoch) => act();
    }
}
