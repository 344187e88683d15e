using System.CommandLine;
using Unseen.Experiments;
using Unseen.Reports;

namespace Unseen.Cli.Commands;

/// <summary>`unseen demo`.</summary>
internal static class DemoCommand
{
    private static readonly Option<string[]> Method = new("--method")
    {
        Description = "Method to run; may be given several times. CVsC and the closed forms by default.",
        HelpName = "M",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Folder to write.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "unseen-demo",
    };
    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Seed of pictures, backbone and training.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<double?> Spurious = CommonOptions.Number("--spurious",
        "Also train on a dataset in which this share of the seen species has attributes that occur together by accident.", "0..1",
        share => share is >= 0 and <= 1, "from 0 to 1");
    private static readonly Option<bool> Force = CommonOptions.Force();
    private static readonly Option<int?> Threads = CommonOptions.Threads("Threads of the tensor library");
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() =>
        new Command("demo", "Draw birds, learn from them, recognise species never seen, and explain it in report.html.")
        {
            Method, Out, Seed, Spurious, Force, Threads, Json,
        }.Handle(Run);

    private static int Run(CommandContext context)
    {
        if (context.Get(Threads) is { } threads) TorchThreads.Use(threads);
        var options = Options(context);
        var reports = context.WithProgress(progress => Demo.Run(options, progress, context.Cancellation));
        if (context.Get(Json)) context.Output.Write(File.ReadAllText(Path.Combine(options.Output, "report.json")));
        else Print(reports, options, context.Output);
        return ExitCode.Done;
    }

    private static DemoOptions Options(CommandContext context)
    {
        var options = new DemoOptions
        {
            Output = context.Get(Out)!,
            Seed = context.Get(Seed),
            SpuriousCoOccurrence = context.Get(Spurious) ?? 0,
            Force = context.Get(Force),
        };
        return context.Get(Method) is { Length: > 0 } methods ? options with { Methods = methods } : options;
    }

    private static void Print(IReadOnlyList<ZslReport> reports, DemoOptions options, TextWriter output)
    {
        output.WriteLine(string.Join('\n', reports));
        output.WriteLine($"report: {Path.Combine(Path.GetFullPath(options.Output), "report.html")}");
    }
}
