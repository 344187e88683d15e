using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
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
        try
        {
            RequireCurrentFolder();
            return ParseAndRun(arguments, output, error);
        }
        catch (OutputClosedException)
        {
            return ExitCode.Done;
        }
        catch (Exception e) when (CommandRunner.IsUserProblem(e))
        {
            TryWrite(error, e.Message);
            return ExitCode.Problem;
        }
    }

    /// <summary>Native libraries end the process when the folder it was started in is gone.</summary>
    private static void RequireCurrentFolder()
    {
        try { _ = Directory.GetCurrentDirectory(); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DirectoryNotFoundException("The folder in which this command was started does not exist any more. Change to another one.", e);
        }
    }

    /// <summary>Commands report their problems themselves; what comes here is help, a usage or such a report that cannot be written.</summary>
    private static void TryWrite(TextWriter error, string message)
    {
        try
        {
            error.WriteLine(message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Standard error is full or closed as well: the exit code is all that is left.
        }
    }

    private static int ParseAndRun(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var streams = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // CommandRunner listens to signals itself: a checkpoint may take longer than two seconds.
        };
        var wouldRun = parsed.Action is ParseErrorAction || parsed.Action == parsed.CommandResult.Command.Action;
        if (wouldRun && Swapped(parsed) is { } hint) return ReportUsage(parsed, [hint], error);
        if (wouldRun && Refused(parsed, arguments) is [_, ..] refused) return ReportUsage(parsed, [.. refused, .. parsed.Errors.Select(Plain)], error);
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

    private static int ReportUsage(ParseResult parsed, IEnumerable<string> problems, TextWriter error)
    {
        foreach (var problem in problems) error.WriteLine(problem);
        error.WriteLine($"'{FullName(parsed)} --help' explains the options.");
        return ExitCode.Usage;
    }

    private static int ReportUsage(ParseResult parsed, ParseErrorAction action, InvocationConfiguration streams)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count == 0 && parsed.UnmatchedTokens.Count == 0) return ReportUsage(parsed, parsed.Errors.Select(Plain), streams.Error);
        action.ShowHelp = command.Subcommands.Count > 0;
        streams.Output = streams.Error;
        parsed.Invoke(streams);
        if (!action.ShowHelp) streams.Error.WriteLine($"'{FullName(parsed)} --help' explains the options.");
        return ExitCode.Usage;
    }

    /// <summary>The parser's own sentences name types of .NET, or not the argument that is missing.</summary>
    private static string Plain(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0, Argument: var argument } => $"{argument.Name} is missing. {argument.Description}",
        OptionResult { Tokens: [var token], Option: var option } when error.Message.Contains("not recognized", StringComparison.Ordinal) =>
            $"{option.Name}: {error.Message}",
        OptionResult { Tokens: [var token], Option: var option } when NumberKind(option.ValueType) is { } kind && error.Message.Contains($"{option.ValueType}", StringComparison.Ordinal) =>
            $"{option.Name} must be {kind}, found '{token.Value}'.",
        _ => error.Message,
    };

    private static string? NumberKind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(int) || t == typeof(long) => "a whole number",
        _ => null,
    };

    /// <summary>
    /// An argument that looks like an option is one that the command does not have, unless it stands behind "--"; a value that is empty is often a
    /// variable of the shell that is not set, and an empty path would mean the folder one is in.
    /// </summary>
    private static List<string> Refused(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var before = arguments.TakeWhile(argument => argument != "--").ToHashSet(StringComparer.Ordinal);
        var problems = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
            foreach (var child in result is CommandResult command ? command.Children.Where(c => c is not CommandResult) : [])
                foreach (var value in child.Tokens.Select(token => token.Value))
                    if (string.IsNullOrWhiteSpace(value)) problems.Add($"{(child as OptionResult)?.Option.Name ?? (child as ArgumentResult)?.Argument.Name} is empty.");
                    else if (child is ArgumentResult && value.StartsWith("--", StringComparison.Ordinal) && before.Contains(value)) problems.Add($"Unrecognized option '{value}'.");
        return problems;
    }

    /// <summary>`unseen classes list RUN` instead of `unseen classes RUN list`.</summary>
    private static string? Swapped(ParseResult parsed) =>
        parsed.CommandResult is { Parent: CommandResult { Command: { Arguments: [var first] } outer }, Command: var inner }
            && parsed.GetResult(first) is null or { Tokens.Count: 0 }
            ? $"{first.Name} comes first: unseen {outer.Name} {first.Name} {inner.Name}." : null;

    private static string FullName(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
            if (result is CommandResult command) names.Insert(0, command.Command.Name);
        return string.Join(' ', names);
    }
}
