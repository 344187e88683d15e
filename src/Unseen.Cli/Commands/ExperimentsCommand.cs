using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Unseen.Data;
using Unseen.Experiments.Reproduction;

namespace Unseen.Cli.Commands;

/// <summary>`unseen experiments`.</summary>
internal static class ExperimentsCommand
{
    private static readonly Option<string?> Dataset = CommonOptions.Dataset(required: false);
    private static readonly Option<string[]> Features = CommonOptions.Features();
    private static readonly Option<string?> Folder = ReproduceCommand.ExperimentsFolder();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("experiments", "List the published experiments with their figures, and what is missing to run each.")
        {
            Dataset, Features, Folder, Json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Features) is { Implicit: false } && result.GetResult(Dataset) is null)
                result.AddError("--features needs --dataset.");
        });
        return command.Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var experiments = ExperimentCatalog.All(context.Get(Folder));
        var (dataset, hasFeatures) = AtHand(context.Get(Dataset), context.Get(Features)!);
        var listed = experiments.Select(e => (Experiment: e, Needs: ExperimentNeeds.Of(e, dataset, hasFeatures))).ToList();
        if (context.Get(Json)) context.WriteJson(listed.Select(l => Describe(l.Experiment, l.Needs)));
        else Print(listed, context.Output);
        return ExitCode.Done;
    }

    /// <summary>Opens what the user has; stores that do not fit the dataset are refused as everywhere.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (DatasetFolder? Dataset, bool HasFeatures) AtHand(string? dataset, string[] features)
    {
        if (dataset is null) return (null, false);
        if (features.Length == 0) return (DatasetReader.Open(dataset), false);
        using var opened = ZslDataset.Open(dataset, features: features);
        return (opened.Folder, true);
    }

    private static void Print(List<(PublishedExperiment Experiment, ExperimentNeeds Needs)> listed, TextWriter output)
    {
        var table = new TextTable("experiment", "method", "dataset", "T1", "U", "S", "H", "ablation", "missing");
        foreach (var (e, needs) in listed)
            table.Add(e.Name, e.Method, e.Dataset, Text(e.Published.T1), Text(e.Published.U), Text(e.Published.S), Text(e.Published.H),
                Parts(e),
                needs.Missing.Count == 0 ? "nothing" : string.Join(", ", needs.Missing));
        table.Write(output);
        var departing = listed.Where(l => l.Needs.Departures.Count > 0).Select(l => l.Experiment.Dataset).Distinct().ToList();
        foreach (var dataset in departing)
            output.WriteLine($"\nThe dataset at hand is not the published {PublishedDataset.Find(dataset).Title}: "
                + $"{string.Join("; ", listed.First(l => l.Experiment.Dataset == dataset).Needs.Departures)}.");
    }

    /// <summary>"5 rows, 4 curves": what can be run beside the experiment's own row.</summary>
    private static string Parts(PublishedExperiment e)
    {
        string[] parts = [.. Count(e.Ablation.Count, "row"), .. Count(e.Curves.Count, "curve")];
        return parts.Length == 0 ? "-" : string.Join(", ", parts);

        static string[] Count(int count, string name) => count == 0 ? [] : [$"{count} {name}{(count == 1 ? "" : "s")}"];
    }

    private static string Text(double? percent) => percent?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";

    private static object Describe(PublishedExperiment e, ExperimentNeeds needs) => new
    {
        e.Name,
        e.Title,
        e.Method,
        e.Preset,
        e.Dataset,
        e.Semantics,
        e.Features,
        e.Protocol,
        e.Source,
        e.Published,
        e.Notes,
        Ablation = e.Ablation.Select(row => new { row.Name, Source = row.Source ?? e.Source, row.Published, row.IsRunnable }),
        e.Curves,
        needs.Missing,
        needs.Departures,
    };
}
