namespace Unseen.Training;

/// <summary>Receives the figures of a run as they come: JSON lines, TensorBoard, several at once.</summary>
public interface IRunTracker : IDisposable
{
    /// <summary>Figures of one epoch of a phase.</summary>
    void Log(string phase, EpochRecord epoch);
}

/// <summary>Tracks nothing.</summary>
public sealed class NoTracker : IRunTracker
{
    /// <summary>The only instance.</summary>
    public static NoTracker Instance { get; } = new();

    /// <inheritdoc/>
    public void Log(string phase, EpochRecord epoch) { }

    /// <inheritdoc/>
    public void Dispose() { }
}

/// <summary>Several trackers at once.</summary>
public sealed class TrackerGroup(params IReadOnlyList<IRunTracker> trackers) : IRunTracker
{
    /// <inheritdoc/>
    public void Log(string phase, EpochRecord epoch)
    {
        foreach (var tracker in trackers) tracker.Log(phase, epoch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tracker in trackers) tracker.Dispose();
    }
}
