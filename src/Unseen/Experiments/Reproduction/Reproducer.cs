using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Unseen.Data;
using Unseen.Experiments.Configuration;
using Unseen.Reports;

namespace Unseen.Experiments.Reproduction;

/// <summary>Runs a published experiment through <see cref="Experiment"/> and puts our figures beside the published ones.</summary>
public static class Reproducer
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Runs the experiment, the rows of its ablation tables and its curves when asked for; writes reproduction.json and .txt, and the curves as SVG.</summary>
    /// <param name="experiment">An experiment of the <see cref="ExperimentCatalog"/>.</param>
    /// <param name="options">Dataset, features, seeds and folder.</param>
    /// <exception cref="ConfigurationException">Method or preset are missing, options are wrong, or a run folder is in use.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; continue with <see cref="ReproductionOptions.Resume"/>.</exception>
    public static ReproductionReport Run(PublishedExperiment experiment, ReproductionOptions options)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var plan = ReproductionPlan.Of(experiment, options);
        using var dataset = plan.Main.OpenDataset();
        plan.RequireReadable(dataset);
        var rows = new ReproductionRows(plan, dataset, options);
        var report = Report(experiment, plan.Main, dataset, rows.Main);
        report = report with
        {
            Ablation = [.. rows.Ablation()],
            Curves = [.. rows.Curves()],
            Departures = [.. Departures(experiment, plan.Main, dataset, report), .. options.Settings.Select(s => $"the setting {s}")],
        };
        Write(options.Output, report);
        return report;
    }

    /// <summary>The content of reproduction.json.</summary>
    public static string ToJson(this ReproductionReport report) => JsonSerializer.Serialize(report, Json);

    private static ReproductionReport Report(PublishedExperiment experiment, ExperimentConfig config, ZslDataset dataset, ZslReport report) => new()
    {
        Experiment = experiment.Name,
        Title = experiment.Title,
        Method = config.Method,
        Preset = config.Preset,
        Dataset = dataset.Folder.Name,
        Protocol = config.Protocol,
        Seeds = report.Seeds,
        TestSelected = report.TestSelected,
        PublishedFeatures = experiment.Features,
        Features = [.. report.Features.Select(f => $"{f.Name}, backbone {f.Backbone}, pre-trained on {f.PreTraining}")],
        Result = ReproductionRows.Compare(experiment.Title, experiment.Source, experiment.Published, report, ReproductionRows.MainRun, experiment.Calibration),
        Ablation = [],
        Curves = [],
        Departures = [],
        Notes = experiment.Notes,
    };

    private static IEnumerable<string> Departures(
        PublishedExperiment experiment, ExperimentConfig config, ZslDataset dataset, ReproductionReport report)
    {
        var published = PublishedDataset.Find(experiment.Dataset);
        var differences = published.Differences(DatasetInfo.Of(dataset.Folder));
        if (differences.Count > 0)
            yield return $"the dataset {dataset.Folder.Name} is not the published {published.Title} ({string.Join("; ", differences)}), so " +
                "the numbers do not compare";
        if (dataset.SemanticsName != (experiment.Semantics ?? "attributes"))
            yield return $"class semantics {dataset.SemanticsName}, published {experiment.Semantics ?? "attributes"}";
        if (config.Protocol != experiment.Protocol)
            yield return $"protocol {ScalarText.Write(config.Protocol)}, published {ScalarText.Write(experiment.Protocol)}";
        if (experiment.Preset is not null && config.Preset != experiment.Preset)
            yield return $"preset {config.Preset}, the experiment names {experiment.Preset}";
        if (!AreNamed(dataset, experiment.Features))
            yield return $"features: ours {string.Join(" and ", report.Features)}, published {experiment.Features}";
    }

    /// <summary>True when a description in words names all that is known of the features: one store's backbone, its data, regions and width.</summary>
    internal static bool AreNamed(ZslDataset dataset, string description)
    {
        if (dataset.Stores.Count != 1) return false;
        var (store, source) = (ReportBuilder.Features(dataset, null)[0], dataset.Source);
        string[] facts = [store.Backbone, store.PreTraining, source.Regions == 1 ? "one vector" : $"{source.Regions} regions", $"{source.Visual()} values"];
        return facts.All(fact => Regex.IsMatch(Plain(description), $@"(?<!\w){Regex.Escape(Plain(fact))}(?!\w)", RegexOptions.IgnoreCase));

        static string Plain(string words) => words.Replace("-", "", StringComparison.Ordinal);
    }

    private static void Write(string folder, ReproductionReport report)
    {
        foreach (var curve in report.Curves) AtomicFile.WriteText(Path.Combine(folder, curve.Picture), ReproductionCurvePlot.Of(curve).File);
        AtomicFile.WriteText(Path.Combine(folder, "reproduction.txt"), report.ToString());
        AtomicFile.WriteText(Path.Combine(folder, "reproduction.json"), report.ToJson());
    }
}
