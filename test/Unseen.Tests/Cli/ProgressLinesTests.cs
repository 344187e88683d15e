using Unseen.Cli;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class ProgressLinesTests : IDisposable
{
    private readonly StringWriter writer = new() { NewLine = "\n" };
    private readonly Clock clock = new();

    public void Dispose() => writer.Dispose();

    [Fact]
    public void First_and_last_update_and_one_every_five_seconds_are_written()
    {
        var lines = new ProgressLines(writer, clock);
        lines.Report(new("training", 1, 4, "epochs", "loss 3.2"));
        lines.Report(new("training", 2, 4, "epochs"));
        clock.Seconds = 5;
        lines.Report(new("training", 3, 4, "epochs"));
        lines.Report(new("training", 4, 4, "epochs"));
        lines.Report(new("scoring", 7, 0, "images"));
        Assert.Equal("training: 1 of 4 epochs, loss 3.2\ntraining: 3 of 4 epochs\ntraining: 4 of 4 epochs\nscoring: 7 images\n",
            writer.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
