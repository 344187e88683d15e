using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Unseen.Tests.Data.Formats;

/// <summary>Feeds a reader with damaged copies of a good file and accepts only <see cref="DatasetFormatException"/>.</summary>
public static partial class Fuzz
{
    private const int ThreadCpuTime = 3; // of clock_gettime on Linux
    private const long Large = 256L << 20;

    /// <summary>
    /// Each damaged copy must be read or refused within five seconds of this thread's own time, with bounded allocation. The clock would also count what other tests do meanwhile.
    /// </summary>
    /// <returns>How many copies were refused: 0 would mean that the reader checks nothing.</returns>
    public static int Run(byte[] good, int copies, int seed, long allocationBound, Action<byte[]> read)
    {
        var random = new Random(seed);
        var refused = 0;
        for (var copy = 0; copy < copies; copy++)
        {
            var bad = Damage(good, random);
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            var start = Time();
            try
            {
                read(bad);
            }
            catch (DatasetFormatException)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Copy {copy} of seed {seed} let {e.GetType().Name} escape.", e);
            }
            Assert.True(Time() - start < TimeSpan.FromSeconds(5), $"Copy {copy} of seed {seed} hangs.");
            var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            Assert.True(allocated <= allocationBound, $"Copy {copy} of seed {seed} allocated {allocated} bytes, bound {allocationBound}.");
            // Given back, so that the next copy does not pay for clearing what this one reserved and never touched.
            if (allocated > Large) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        return refused;
    }

    private static TimeSpan Time()
    {
        if (!OperatingSystem.IsLinux()) return Stopwatch.GetElapsedTime(0);
        Assert.Equal(0, ReadClock(ThreadCpuTime, out var time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out ClockTime time);

    private readonly struct ClockTime
    {
        public readonly nint Seconds, Nanoseconds;
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        var bytes = (byte[])good.Clone();
        switch (random.Next(5))
        {
            case 0: return bytes[..random.Next(bytes.Length)];
            case 1: return [.. bytes, .. new byte[random.Next(1, 20)]];
            case 2: Flip(bytes, random, 1); break;
            case 3: Flip(bytes, random, random.Next(2, 20)); break;
            default: Extreme(bytes, random); break;
        }
        return bytes;
    }

    /// <summary>Half of the damage hits the first 512 bytes, where headers are.</summary>
    private static int Place(byte[] bytes, Random random) => random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 512) : bytes.Length);

    private static void Flip(byte[] bytes, Random random, int count)
    {
        for (var i = 0; i < count; i++)
            bytes[Place(bytes, random)] ^= (byte)(1 << random.Next(8));
    }

    /// <summary>Writes a run of 0, 127 or 255: lengths become zero, huge or negative.</summary>
    private static void Extreme(byte[] bytes, Random random)
    {
        var start = Place(bytes, random);
        byte[] values = [0, 127, 255, (byte)'9', (byte)'-'];
        bytes.AsSpan(start, Math.Min(random.Next(1, 9), bytes.Length - start)).Fill(values[random.Next(values.Length)]);
    }
}
