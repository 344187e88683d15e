using System.Diagnostics;
using System.Runtime;

namespace Unseen;

/// <summary>
/// A stretch of code during which no garbage is collected: <c>using var pause = CollectionPause.Begin();</c> around operations of the tensor
/// library, whose numbers may be freed by a collection while native code still reads them (ADR 22). Any thread could start one: whoever
/// allocates. So it stands at the boundary, for one step or batch, not for a whole training: garbage waits for its end. Sections of several
/// threads may overlap; within one, another costs nothing.
/// </summary>
internal static class CollectionPause
{
    /// <summary>What all threads together may allocate before the runtime collects in spite of a section: address space, of which memory is taken as it is used.</summary>
    private const long MostBytes = 128L << 20, FewestBytes = 16L << 20;

    /// <summary>Garbage of this size is collected before a section, as the runtime would have done in it; more would not stay in caches.</summary>
    public const long Garbage = 4L << 20;

    /// <summary>
    /// How long a thread waits for others to leave before it goes on without protection: ours never wait for each other within sections, but a
    /// callback of a user's might.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly object Gate = new();    // no Lock: threads wait on it
    [ThreadStatic] private static int depth;
    private static int inside;                      // threads
    private static bool held;                       // a region of ours was begun and not ended by us
    private static bool refused;                    // even the smallest budget: asking again would cost a full collection each time
    private static int collections;                 // count when it began: one more, and it has ended by itself
    private static long begun;                      // bytes allocated by then
    private static long collected;                  // bytes allocated at the last collection before a section

    /// <summary>The budget in use: half as much after each refusal, as where a container has little memory.</summary>
    public static long Budget { get; private set; } = MostBytes;

    /// <summary>Begins a section of this thread, to be disposed on it. Never fails; where the runtime refuses, collections happen as without it.</summary>
    public static Section Begin()
    {
        if (depth == 0) Enter();
        depth++;
        return new(isBegun: true);
    }

    private static void Enter()
    {
        lock (Gate)
        {
            AwaitRenewal();
            if (inside == 0) Start();
            inside++;
        }
    }

    /// <summary>
    /// Where threads come and go in turns there is never none inside. When half of the budget is used, newcomers wait until all have left, so
    /// that the garbage can be collected.
    /// </summary>
    private static void AwaitRenewal()
    {
        var clock = Stopwatch.StartNew();
        while (inside > 0 && held && (HasEnded || GC.GetTotalAllocatedBytes() - begun > Budget / 2) && Patience - clock.Elapsed is { Ticks: > 0 } rest)
            Monitor.Wait(Gate, rest);
    }

    private static bool HasEnded => GCSettings.LatencyMode != GCLatencyMode.NoGCRegion || GC.CollectionCount(0) != collections;

    /// <summary>The safe place: no thread is in native code with numbers. A region begins without a collection while the heap can grow, so garbage is collected here.</summary>
    private static void Start()
    {
        if (refused || GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) return;  // the program's own region, which is as good
        if (GC.GetTotalAllocatedBytes() - collected > Garbage)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);                 // and the older generations when they are due
            collected = GC.GetTotalAllocatedBytes();
        }
        while (!TryStart())
        {
            refused = Budget / 2 < FewestBytes;
            if (refused) return;
            Budget /= 2;
        }
        (collections, begun) = (GC.CollectionCount(0), GC.GetTotalAllocatedBytes());
    }

    /// <summary>False when the heap cannot have the budget.</summary>
    private static bool TryStart()
    {
        try { return held = GC.TryStartNoGCRegion(Budget); }
        catch (ArgumentOutOfRangeException) { return false; }
        catch (InvalidOperationException) { return true; }                          // the program was faster, with a region of its own
    }

    private static void Leave()
    {
        lock (Gate)
        {
            if (--inside > 0) return;
            if (held) End();
            Monitor.PulseAll(Gate);
        }
    }

    private static void End()
    {
        held = false;
        if (HasEnded) return;               // a region that is there all the same is the program's own
        try { GC.EndNoGCRegion(); }
        catch (InvalidOperationException) { }       // ended by itself at this moment
    }

    /// <summary>Ends with its disposal. Cannot be kept over an await or yield, after which another thread may go on.</summary>
    public readonly ref struct Section(bool isBegun)
    {
        /// <summary>Ends the section.</summary>
        public void Dispose()
        {
            if (isBegun && --depth == 0) Leave();
        }
    }
}
