using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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

    /// <summary>Runs the experiment, and the rows of its ablation tables when asked for; writes reproduction.json and .txt.</summary>
    /// <param name="experiment">An experiment of the <see cref="ExperimentCatalog"/>.</param>
    /// <param name="options">Dataset, features, seeds and folder.</param>
    /// <exception cref="ConfigurationException">Method or preset are missing, options are wrong, or a run folder is in use.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; continue with <see cref="ReproductionOptions.Resume"/>.</exception>
    public static ReproductionReport Run(PublishedExperiment experiment, ReproductionOptions options)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var main = RowConfiguration.Load(experiment, null, options);
        var rows = options.Ablation ? experiment.Ablation : [];
        var configs = rows.Select(row => row.IsRunnable ? RowConfiguration.Load(experiment, row, options) : null).ToList();
        using var dataset = main.OpenDataset();
        var result = Row(main, dataset, options, "run");
        var ablation = rows.Zip(configs).Select((pair, i) =>
            AblationRow(experiment, pair.First, pair.Second, main, (result, dataset), options, i)).ToList();
        var report = Report(experiment, main, dataset, result, ablation) with
        {
            Departures = [.. Departures(experiment, main, dataset), .. options.Settings.Select(s => $"the setting {s}")],
        };
        Write(options.Output, report);
        return report;
    }

    /// <summary>The content of reproduction.json.</summary>
    public static string ToJson(this ReproductionReport report) => JsonSerializer.Serialize(report, Json);

    private static ReproductionRow AblationRow(PublishedExperiment experiment, AblationRow row, ExperimentConfig? config,
        ExperimentConfig main, (ZslReport Main, ZslDataset Dataset) at, ReproductionOptions options, int index)
    {
        var source = row.Source ?? experiment.Source;
        if (config is null) return new(row.Name, source, row.Published, null, null, null);
        var isMain = OptionsDifference.Find(main, config with { Preset = main.Preset }).Count == 0;
        var folder = isMain ? "run" : $"ablation-{index + 1}-{FileName(row.Name)}";
        var report = isMain ? at.Main : Row(config, at.Dataset, options, folder);
        return Compare(row.Name, source, row.Published, report, folder, experiment.Calibration);
    }

    private static string FileName(string name) =>
        string.Join('-', new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ZslReport Row(ExperimentConfig config, ZslDataset dataset, ReproductionOptions options, string folder) =>
        Experiment.Run(config.Options, dataset, config.RunTo(Path.Combine(options.Output, folder)) with
        {
            Resume = options.Resume,
            Force = options.Force,
            Progress = options.Progress,
            Cancellation = options.Cancellation,
        }).Report;

    private static ReproductionRow Compare(string name, string source, PublishedFigures published, ZslReport report, string folder,
        PublishedCalibration calibration) => new(name, source, published, ReproducedFigures.Of(report, calibration),
            calibration == PublishedCalibration.None ? ReproducedFigures.Of(report, PublishedCalibration.Chosen) : null, folder);

    private static ReproductionReport Report(PublishedExperiment experiment, ExperimentConfig config, ZslDataset dataset, ZslReport report,
        List<ReproductionRow> ablation) => new()
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
            Result = Compare(experiment.Title, experiment.Source, experiment.Published, report, "run", experiment.Calibration),
            Ablation = ablation,
            Departures = [],
            Notes = experiment.Notes,
        };

    private static IEnumerable<string> Departures(PublishedExperiment experiment, ExperimentConfig config, ZslDataset dataset)
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
    }

    private static void Write(string folder, ReproductionReport report)
    {
        AtomicFile.WriteText(Path.Combine(folder, "reproduction.txt"), report.ToString());
        AtomicFile.WriteText(Path.Combine(folder, "reproduction.json"), report.ToJson());
    }
}
