namespace Unseen.Training;

/// <summary>Receives the figures of a run as they come: JSON lines, TensorBoard, several at once.</summary>
public interface IRunTracker
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
}

/// <summary>Several trackers at once.</summary>
public sealed class TrackerGroup(params IReadOnlyList<IRunTracker> trackers) : IRunTracker
{
    /// <inheritdoc/>
    public void Log(string phase, EpochRecord epoch)
    {
        foreach (var tracker in trackers) tracker.Log(phase, epoch);
    }
}
