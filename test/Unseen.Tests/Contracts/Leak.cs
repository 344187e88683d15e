using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Contracts;

/// <summary>Fails when an action leaves tensors behind.</summary>
public static class Leak
{
    private const long QuietBytes = 64L << 20;

    /// <summary>
    /// Runs the action twice: once to warm up what lives as long as the process, once counted. Counts every tensor of the process, inside
    /// and outside of dispose scopes and on every thread. The garbage collector is held back, so that it cannot hide dropped tensors.
    /// </summary>
    /// <param name="action">Creates tensors and disposes them all.</param>
    /// <param name="parameters">Parameters that the action makes: TorchSharp counts the tensor that a parameter takes over for
    /// ever.</param>
    public static void None(Action action, int parameters = 0)
    {
        action();
        Settle();
        var before = Tensor.TotalCount;
        var quiet = GC.TryStartNoGCRegion(QuietBytes);
        long left;
        try
        {
            action();
            left = Tensor.TotalCount - before - parameters;
        }
        finally
        {
            if (quiet && System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        }
        Assert.True(left == 0, left > 0 ? $"{left} tensors were left behind." : $"{-left} tensors were disposed that others had made.");
    }

    private static void Settle()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
