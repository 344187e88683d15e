using System.CommandLine;

namespace Unseen.Cli;

/// <summary>What a command works with: its arguments, the streams, cancellation and progress.</summary>
internal sealed class CommandContext(ParseResult arguments, CancellationToken cancellation)
{
    /// <summary>Stream for results.</summary>
    public TextWriter Output { get; } = new PrintableWriter(arguments.InvocationConfiguration.Output);

    /// <summary>The same stream for results whose bytes programs take as they are.</summary>
    public TextWriter Raw { get; } = arguments.InvocationConfiguration.Output;

    /// <summary>Stream for progress, warnings and problems.</summary>
    public PrintableWriter Error { get; } = new(arguments.InvocationConfiguration.Error, isOptional: true);

    /// <summary>Cancelled by Ctrl-C and SIGTERM.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Value of an option, or its default.</summary>
    public T? Get<T>(Option<T> option) => arguments.GetValue(option);

    /// <summary>Value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => arguments.GetRequiredValue(argument);

    /// <summary>True when the user wrote the option.</summary>
    public bool Has(Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>Runs work that reports progress: a bar on a terminal, plain lines otherwise.</summary>
    /// <param name="work">The work.</param>
    /// <param name="writesResults">True when results are written meanwhile: a bar on the same terminal would be in their way.</param>
    public T WithProgress<T>(Func<IProgress<ProgressUpdate>, T> work, bool writesResults = false) =>
        ProgressDisplay.IsTerminal(arguments.InvocationConfiguration.Error) && !(writesResults && !Console.IsOutputRedirected)
            ? Error.Hold(() => ProgressDisplay.RunWithBar(work)) : work(new ProgressLines(Error, TimeProvider.System));

    /// <summary>Writes a value as indented JSON to the results.</summary>
    public void WriteJson<T>(T value) => Output.WriteLine(System.Text.Json.JsonSerializer.Serialize(value, JsonOutput.Options));
}
