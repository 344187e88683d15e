using System.CommandLine;
using System.Runtime.InteropServices;

namespace Unseen.Cli;

/// <summary>Runs the handler of a command: exit codes, one clear message for a problem, cancellation by signals.</summary>
internal static class CommandRunner
{
    private static readonly TimeSpan OneSignal = TimeSpan.FromSeconds(0.3);

    /// <summary>Gives a command its handler.</summary>
    public static Command Handle(this Command command, Func<CommandContext, int> handler)
    {
        command.SetAction(parsed => Run(parsed, handler));
        return command;
    }

    /// <summary>What a cancelled command says at its end.</summary>
    internal static string Cancelled(Command command) =>
        command.Options.Any(option => option.Name == "--resume") ? "Cancelled. Continue with --resume." : "Cancelled.";

    private static int Run(ParseResult parsed, Func<CommandContext, int> handler)
    {
        using var cancellation = new CancellationTokenSource();
        var first = TimeProvider.System.GetTimestamp();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        var context = new CommandContext(parsed, cancellation.Token);
        try
        {
            return handler(context);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            context.Error.WriteLine(Cancelled(parsed.CommandResult.Command));
            return ExitCode.Cancelled;
        }
        catch (OutputClosedException)
        {
            return ExitCode.Done;       // the reader has what it wanted ("head", "grep -q"), and says itself when it has not
        }
        catch (Exception e) when (IsUserProblem(e))
        {
            context.Error.WriteLine(parsed.GetValue(CommandLine.Verbose) ? e.ToString() : e.Message);
            return ExitCode.Problem;
        }
        catch (Exception e)
        {
            context.Error.WriteLine($"Unexpected error. This is a mistake in Unseen; please report it with the lines below.{Environment.NewLine}{e}");
            return ExitCode.Problem;
        }

        // The first signal asks the command to stop at a safe place; a second one ends the process. Programs that send one to a process and then to
        // its group ("timeout") mean one.
        void Cancel(PosixSignalContext signal)
        {
            if (cancellation.IsCancellationRequested && TimeProvider.System.GetElapsedTime(first) > OneSignal) ProcessEnd.Now(ExitCode.Cancelled);
            signal.Cancel = true;
            if (cancellation.IsCancellationRequested) return;
            first = TimeProvider.System.GetTimestamp();
            cancellation.Cancel();
        }
    }

    // Files that are missing, locked or on a full disk are the user's to fix as well.
    internal static bool IsUserProblem(Exception e) => e is UnseenException or UnauthorizedAccessException || (e is IOException && !IsProgramFile(e));

    /// <summary>A part of the program that cannot be loaded is named by its assembly, not by a path.</summary>
    private static bool IsProgramFile(Exception e) =>
        (e switch { FileNotFoundException f => f.FileName, FileLoadException f => f.FileName, _ => null })?.Contains(", Version=", StringComparison.Ordinal) ?? false;
}
