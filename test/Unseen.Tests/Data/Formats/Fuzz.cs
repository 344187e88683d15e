using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Unseen.Tests.Data.Formats;

/// <summary>Feeds a reader with damaged copies of a good file and accepts only <see cref="DatasetFormatException"/>.</summary>
public static partial class Fuzz
{
    private const int Thread = 1; // of getrusage on Linux

    /// <summary>
    /// Each damaged copy must be read or refused within five seconds of this thread's own work, with bounded allocation. The clock would also count what other tests do meanwhile, and the
    /// system's share of the time is how fast a machine hands out memory, which has its own bound: 1.6 GiB took 0.8 s of it on one and 5 s on another.
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
        }
        return refused;
    }

    private static TimeSpan Time()
    {
        if (!OperatingSystem.IsLinux()) return Stopwatch.GetElapsedTime(0);
        Assert.Equal(0, ReadUsage(Thread, out var usage));
        return TimeSpan.FromSeconds(usage.UserSeconds) + TimeSpan.FromMicroseconds(usage.UserMicroseconds);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int ReadUsage(int who, out Usage usage);

    /// <summary>Two times of two numbers each and fourteen counts.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 18 * 8)]
    private readonly struct Usage
    {
        public readonly nint UserSeconds, UserMicroseconds;
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
