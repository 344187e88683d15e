using System.Globalization;

namespace Unseen.Cli;

/// <summary>Progress as plain lines: one when a phase begins, one when it ends, and at most one every few seconds between.</summary>
internal sealed class ProgressLines(TextWriter writer, TimeProvider time) : IProgress<ProgressUpdate>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private string? phase;
    private long written;

    /// <inheritdoc/>
    public void Report(ProgressUpdate value)
    {
        lock (gate)
        {
            var finished = value.Total > 0 && value.Done >= value.Total;
            if (value.Phase == phase && !finished && time.GetElapsedTime(written) < Interval) return;
            (phase, written) = (value.Phase, time.GetTimestamp());
            writer.WriteLine(Line(value));
        }
    }

    /// <summary>For example "training: 20 of 100 steps, loss 3.21".</summary>
    public static string Line(ProgressUpdate value)
    {
        var total = value.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $" of {value.Total}") : "";
        var detail = value.Detail is null ? "" : $", {value.Detail}";
        return string.Create(CultureInfo.InvariantCulture, $"{value.Phase}: {value.Done}{total} {value.Unit}{detail}");
    }
}
