using Spectre.Console;

namespace Unseen.Cli;

/// <summary>Progress as bars on a terminal, one per phase.</summary>
internal static class ProgressDisplay
{
    /// <summary>True when the stream is the process's own standard error and that is a terminal which can redraw.</summary>
    public static bool IsTerminal(TextWriter error) =>
        ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Runs work with bars on standard error; standard output stays free for results.</summary>
    public static T RunWithBar<T>(Func<IProgress<ProgressUpdate>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(bars => work(new Bars(bars)));
    }

    private sealed class Bars(ProgressContext bars) : IProgress<ProgressUpdate>
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, ProgressTask> tasks = [];

        public void Report(ProgressUpdate value)
        {
            lock (gate)
            {
                if (!tasks.TryGetValue(value.Phase, out var task)) tasks[value.Phase] = task = bars.AddTask(Markup.Escape(value.Phase));
                task.IsIndeterminate = value.Total <= 0;
                if (value.Total > 0) task.MaxValue = value.Total;
                task.Value = value.Done;
                task.Description = Markup.Escape(ProgressLines.Line(value));
            }
        }
    }
}
