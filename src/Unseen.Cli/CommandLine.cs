using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Unseen.Cli.Commands;

namespace Unseen.Cli;

/// <summary>The tree of commands. Building it loads no native library: only handlers name the library's types.</summary>
internal static class CommandLine
{
    /// <summary>Shows the cause of a problem with its stack trace; valid for every command.</summary>
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the stack trace of a problem.", Recursive = true };

    /// <summary>Parses and runs one command line; returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var streams = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // CommandRunner listens to signals itself: a checkpoint may take longer than two seconds.
        };
        return parsed.Action is ParseErrorAction usage ? ReportUsage(parsed, usage, streams) : parsed.Invoke(streams);
    }

    /// <summary>All commands.</summary>
    public static Command Create() => new("unseen", "Zero-shot image classification: recognise classes described only by their attributes.")
    {
        new HelpOption(),
        new VersionOption(),
        Verbose,
        DoctorCommand.Create(),
        DemoCommand.Create(),
        DataCommand.Create(),
        ExtractCommand.Create(),
        MethodsCommand.Create(),
        TrainCommand.Create(),
        EvalCommand.Create(),
        PredictCommand.Create(),
        ExplainCommand.Create(),
        ClassesCommand.Create(),
        ServeCommand.Create(),
        ExperimentsCommand.Create(),
        ReproduceCommand.Create(),
        WeightsCommand.Create(),
        ConfigCommand.Create(),
    };

    private static int ReportUsage(ParseResult parsed, ParseErrorAction action, InvocationConfiguration streams)
    {
        var command = parsed.CommandResult.Command;
        action.ShowHelp = command.Subcommands.Count > 0;
        streams.Output = streams.Error;
        parsed.Invoke(streams);
        if (!action.ShowHelp) streams.Error.WriteLine($"'{FullName(parsed)} --help' explains the options.");
        return ExitCode.Usage;
    }

    private static string FullName(ParseResult parsed)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
            if (result is System.CommandLine.Parsing.CommandResult command) names.Insert(0, command.Command.Name);
        return string.Join(' ', names);
    }
}
