using System.CommandLine;
using Unseen.Experiments;
using Unseen.Reports;

namespace Unseen.Cli.Commands;

/// <summary>`unseen eval`.</summary>
internal static class EvalCommand
{
    private static readonly Argument<string> RunFolder = CommonOptions.Text("RUN", "Run folder or its model folder.");
    private static readonly Option<string?> Dataset = CommonOptions.Dataset(required: false);
    private static readonly Option<string[]> Features = CommonOptions.Features();
    private static readonly Option<int?> Threads = CommonOptions.Threads("Threads of the tensor library");
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("eval", "Print the report of a run, or score its model again on a dataset.")
        {
            RunFolder, Dataset, Features, Threads, Json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Dataset) is null && result.GetResult(Features) is { Implicit: false })
                result.AddError("--features needs --dataset: give both, or neither.");
        });
        return command.Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var folder = context.Get(RunFolder);
        var reports = context.Has(Dataset) ? [Score(context, ModelFolder.Find(folder))] : Stored(RunDirectory.Find(folder));
        if (context.Get(Json)) context.Output.WriteLine(reports is [var only] ? only.ToJson() : ReportJsonText(reports));
        else context.Output.Write(string.Join("\n", reports));
        return ExitCode.Done;
    }

    private static IReadOnlyList<ZslReport> Stored(RunDirectory run) => File.Exists(run.ReportPath)
        ? ZslReport.ReadAll(run.ReportPath)
        : throw new DatasetFormatException(run.FullPath,
            "there is no report.json: the run is not finished. Continue it with 'unseen train --resume', or "
            + "give --dataset, and --features if it reads features, to score its model.");

    private static ZslReport Score(CommandContext context, string model)
    {
        if (context.Get(Threads) is { } threads) TorchThreads.Use(threads);
        using var dataset = Rescoring.OpenDataset(ModelFolder.ReadRecord(model), context.Get(Dataset)!, context.Get(Features)!);
        return context.WithProgress(progress => Rescoring.Run(model, dataset, progress, context.Cancellation));
    }

    private static string ReportJsonText(IReadOnlyList<ZslReport> reports) =>
        $"[{string.Join(",\n", reports.Select(report => report.ToJson()))}]";
}
