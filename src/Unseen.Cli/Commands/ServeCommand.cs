using System.CommandLine;
using System.Runtime.InteropServices;
using Unseen.Web;

namespace Unseen.Cli.Commands;

/// <summary>`unseen serve`.</summary>
internal static class ServeCommand
{
    private const string TokenVariable = "UNSEEN_TOKEN";
    private const PosixSignal FileSizeExceeded = (PosixSignal)25;       // SIGXFSZ, which ends a process that does not handle it

    private static readonly Argument<string[]> Runs =
        CommonOptions.Texts("RUN", "Run folders or their model folders; NAME=RUN gives a model a name, else it has that of the folder. The first is the default.");
    private static readonly Option<string[]> Urls = new("--urls")
    {
        Description = "Address to listen on, http only; may be given several times. http://127.0.0.1:5080 by default.",
        HelpName = "URL",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string?> Token = new("--token")
    {
        Description = $"Secret that changes need, and every call from other machines; the environment variable {TokenVariable} by default.",
        HelpName = "TOKEN",
    };
    private static readonly Option<int?> Threads = CommonOptions.Threads("Pictures in work at the same time");
    private static readonly Option<string?> Precision = CommonOptions.Precision();
    private static readonly Option<int?> Queue = CommonOptions.AtLeastOne("--queue", "Pictures that may wait or be in work, more are refused with 429; 256 by default.");
    private static readonly Option<int?> Batch = CommonOptions.AtLeastOne("--batch", "Pictures that are scored together at most; 32 by default.");
    private static readonly Option<double?> Timeout = CommonOptions.Number("--timeout", "Time for a request, its upload included; 30 by default.", "SECONDS",
        seconds => seconds is > 0 and <= 86400, "more than 0 and at most 86400 seconds");
    private static readonly Option<long?> MaximumBody = new("--max-body") { Description = "Limit on the body of a request; 33554432 by default.", HelpName = "BYTES" };
    private static readonly Option<long?> MaximumPixels = CommonOptions.MaximumPixels(64_000_000);
    private static readonly Option<string[]> Hosts = new("--host")
    {
        Description = "Name under which a server on loopback may be called, for a proxy before it; may be given several times.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string[]> Origins = new("--allow-origin")
    {
        Description = "Site whose pages may call the server from a browser, for example https://birds.example; may be given several times.",
        HelpName = "ORIGIN",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<bool> JsonLogs = new("--json-logs") { Description = "Write logs as JSON, a line each." };
    private static readonly Option<string[]> Backbones = CommonOptions.Backbones();

    /// <summary>Stays until the process ends: a write that comes to nothing is an error of that write, not the end of the server.</summary>
    private static PosixSignalRegistration? fileSize;

    public static Command Create() => new Command("serve", "Serve trained models over HTTP, with a page for people.")
    {
        Runs, Urls, Token, Threads, Precision, Queue, Batch, Timeout, MaximumBody, MaximumPixels, Hosts, Origins, JsonLogs, Backbones,
    }.Handle(Run);

    private static int Run(CommandContext context)
    {
        if (OperatingSystem.IsLinux()) fileSize ??= PosixSignalRegistration.Create(FileSizeExceeded, signal => signal.Cancel = true);
        try { Serve(context).GetAwaiter().GetResult(); }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested) { }
        return ExitCode.Done;       // a signal is how a server ends
    }

    private static async Task Serve(CommandContext context)
    {
        var options = Options(context);
        await using var server = await UnseenServer.StartAsync(options, context.Cancellation);
        Action<string> say = options.JsonLogs ? server.Log : context.Error.WriteLine;
        context.Output.WriteLine($"Serving at {string.Join(", ", server.Addresses)}");
        context.Output.Flush();
        say("Ctrl-C stops the server.");
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (context.Cancellation.Register(signal.SetResult)) await signal.Task;
        say("Stopping: what is in work is finished.");
    }

    private static ServerOptions Options(CommandContext context)
    {
        var normal = new ServerOptions { Models = [.. context.Get(Runs).Select(ModelSource.Parse)] };
        var urls = context.Get(Urls) ?? [];
        return normal with
        {
            Urls = urls.Length == 0 ? normal.Urls : [.. urls.SelectMany(u => u.Split(';', StringSplitOptions.RemoveEmptyEntries))],
            Token = context.Get(Token) ?? (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null),
            Threads = context.Get(Threads) ?? normal.Threads,
            Precision = CommonOptions.PrecisionOf(context.Get(Precision)),
            Queue = context.Get(Queue) ?? normal.Queue,
            Batch = context.Get(Batch) ?? normal.Batch,
            Timeout = context.Get(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : normal.Timeout,
            MaximumBodyBytes = context.Get(MaximumBody) ?? normal.MaximumBodyBytes,
            MaximumPixels = context.Get(MaximumPixels) ?? normal.MaximumPixels,
            Hosts = context.Get(Hosts) ?? [],
            AllowedOrigins = context.Get(Origins) ?? [],
            JsonLogs = context.Get(JsonLogs),
            Backbones = context.Get(Backbones) ?? [],
        };
    }
}
