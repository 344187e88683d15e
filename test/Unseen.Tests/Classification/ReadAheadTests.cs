using Unseen.Classification;
using Unseen.Features;
using Xunit;

namespace Unseen.Tests.Classification;

/// <summary>Pictures that are read ahead of their scoring.</summary>
public sealed class ReadAheadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IEnumerable<string[]> Numbers(int count, int size) => Enumerable.Range(0, count).Select(i => $"{i}").Chunk(size);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Blocks_come_in_order_with_what_was_read_and_what_could_not_be(int workers)
    {
        using var reading = new ReadAhead(_ => Numbers(10, 4), Read, workers, Cancellation);
        var blocks = reading.Blocks().ToList();
        Assert.Equal([4, 4, 2], blocks.Select(b => b.Paths.Count));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), blocks.SelectMany(b => b.Paths));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, null, 8, 9], blocks.SelectMany(b => b.Features).Select(f => f?[0]));
        Assert.Equal("7: no picture.", Assert.Single(blocks.SelectMany(b => b.Errors).OfType<UnseenException>()).Message);

        static float[] Read(string path)
        {
            Thread.Sleep(path == "0" ? 50 : 0);     // the first is not the first to be ready
            return path == "7" ? throw new UnreadableImageException(path, "no picture.") : [float.Parse(path, System.Globalization.CultureInfo.InvariantCulture)];
        }
    }

    /// <summary>The block after the one that is scored is read meanwhile, and no more than what three blocks hold.</summary>
    [Fact]
    public void The_next_blocks_are_read_while_one_is_scored_and_no_more()
    {
        var read = 0;
        using var reading = new ReadAhead(_ => Numbers(100, 5), _ => [Interlocked.Increment(ref read)], 2, Cancellation);
        foreach (var block in reading.Blocks().Take(1))
        {
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref read) == 15, TimeSpan.FromSeconds(60)), $"{read} pictures were read.");
            Thread.Sleep(100);
            Assert.Equal(15, read);
        }
    }

    [Fact]
    public void An_error_of_the_files_comes_after_what_was_there_before_it()
    {
        using var reading = new ReadAhead(_ => Broken(), _ => [1], 2, Cancellation);
        var found = new List<string>();
        Assert.Equal("the list broke off", Assert.Throws<IOException>(() => { foreach (var block in reading.Blocks()) found.AddRange(block.Paths); }).Message);
        Assert.Equal(["a", "b"], found);

        static IEnumerable<string[]> Broken()
        {
            yield return ["a", "b"];
            throw new IOException("the list broke off");
        }
    }

    [Fact]
    public void What_is_no_fault_of_a_picture_ends_the_reading()
    {
        using var reading = new ReadAhead(_ => Numbers(10, 2), path => path == "5" ? throw new InvalidOperationException("a fault") : [1], 2, Cancellation);
        var found = new List<string>();
        Assert.Equal("a fault", Assert.Throws<InvalidOperationException>(() => { foreach (var block in reading.Blocks()) found.AddRange(block.Paths); }).Message);
        Assert.Equal(["0", "1", "2", "3"], found);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_a_picture()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var started = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var (running, read) = (0, 0);
        var reading = new ReadAhead(_ => Numbers(50, 5), Slow, 2, source.Token);
        var consumer = Task.Run(() => Assert.ThrowsAny<OperationCanceledException>(() => reading.Blocks().ToList()), Cancellation);
        started.Wait(Cancellation);
        await source.CancelAsync();
        await consumer.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        go.Set();
        reading.Dispose();
        Assert.Equal(0, running);
        Assert.InRange(read, 1, 2);     // those that were in work

        float[] Slow(string path)
        {
            Interlocked.Increment(ref running);
            started.Set();
            go.Wait(Cancellation);
            Interlocked.Increment(ref read);
            Interlocked.Decrement(ref running);
            return [1];
        }
    }

    /// <summary>Whoever stops in the middle may free the backbones at once: no reader uses them any more.</summary>
    [Fact]
    public void Stopping_early_waits_for_the_pictures_in_work()
    {
        var running = 0;
        using (var reading = new ReadAhead(_ => Numbers(1000, 2), Slow, 3, Cancellation)) Assert.Equal(2, reading.Blocks().First().Paths.Count);
        Assert.Equal(0, running);

        float[] Slow(string path)
        {
            Interlocked.Increment(ref running);
            Thread.Sleep(20);
            Interlocked.Decrement(ref running);
            return [1];
        }
    }
}
