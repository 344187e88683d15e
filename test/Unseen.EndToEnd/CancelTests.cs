using System.Text.Json;
using Xunit;

namespace Unseen.EndToEnd;

public sealed class CancelTests(MiniWorld world) : IClassFixture<MiniWorld>
{
    private static readonly string[] Method = ["--method", "cvsc", "--set", "training.epochs=150"];

    [Theory]
    [InlineData("INT", "clean", "validation 1: ")]
    [InlineData("TERM", "published", "training: ")]
    public void A_cancelled_run_exits_with_130_and_resumes_to_the_report_of_an_uninterrupted_one(
        string signal, string protocol, string phase)
    {
        var name = $"cancelled-{signal}";
        string[] method = [.. Method, "--protocol", protocol];
        var cancelled = Interrupt(name, method, phase, signal);
        Assert.Equal((130, ""), (cancelled.ExitCode, cancelled.Output));
        Assert.EndsWith("Cancelled. Continue with --resume.", cancelled.Error.Trim(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(world[name], "report.json")));
        Assert.Equal(1, Command.Run("eval", world[name]).ExitCode);
        var resumed = Command.Run(world.Train(name, [.. method, "--resume"]));
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        var whole = Command.Run(world.Train($"whole-{signal}", method));
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Equal(Figures($"whole-{signal}"), Figures(name));
    }

    /// <summary>Programs that send a signal to a process and to its group send it twice.</summary>
    [Fact]
    public void Two_signals_at_once_are_one()
    {
        var cancelled = Interrupt("twice", Method, "training: ", "TERM", "TERM");
        Assert.Equal((130, ""), (cancelled.ExitCode, cancelled.Output));
        Assert.EndsWith("Cancelled. Continue with --resume.", cancelled.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_killed_without_warning_resumes_to_the_report_of_an_uninterrupted_one()
    {
        Assert.Equal(137, Interrupt("killed", Method, "training: ", "KILL").ExitCode);
        Assert.False(File.Exists(Path.Combine(world["killed"], "report.json")));
        var resumed = Command.Run(world.Train("killed", [.. Method, "--resume"]));
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        var whole = Command.Run(world.Train("never-killed", Method));
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Equal(Figures("never-killed"), Figures("killed"));
    }

    /// <summary>
    /// Trains and sends a signal as soon as a phase has begun. On a busy machine the run may be over before the signal arrives; such a run
    /// says nothing about signals, so it is made again.
    /// </summary>
    private Finished Interrupt(string name, string[] method, string phase, params string[] signals)
    {
        for (var attempts = 1; ; attempts++)
        {
            using var command = Command.Start(world.Train(name, method));
            command.WaitForError(phase);
            foreach (var signal in signals) command.Signal(signal);
            var finished = command.Wait();
            if (finished.ExitCode != 0 || attempts == 5) return finished;
            Directory.Delete(world[name], recursive: true);
        }
    }

    /// <summary>All of report.json except what is measured in seconds and bytes.</summary>
    private string Figures(string run)
    {
        var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(world[run], "report.json"))).RootElement;
        return string.Join('\n', report.EnumerateObject().Where(p => p.Name is not ("timing" or "environment")));
    }
}
