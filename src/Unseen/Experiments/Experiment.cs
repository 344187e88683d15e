using System.Diagnostics;
using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Models;
using Unseen.Models.Encoders;
using Unseen.Reports;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>What a run leaves.</summary>
/// <param name="Report">Figures, merged over the seeds.</param>
/// <param name="Directory">Run folder.</param>
public sealed record RunResult(ZslReport Report, RunDirectory Directory)
{
    /// <summary>Folder of the trained model (of the first seed).</summary>
    public string ModelDirectory => Directory.ModelPath;

    /// <summary>What a user of the model must know, for example that a backbone is not in its folder; also in log.txt.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Runs a method on a dataset under a protocol, from settings to report.</summary>
public sealed class Experiment
{
    private readonly MethodDescriptor descriptor;
    private readonly IZslMethod method;
    private readonly ZslDataset dataset;
    private readonly RunOptions run;
    private readonly ExperimentConfig config;
    private readonly RunDirectory directory;
    private readonly IReadOnlyList<WeightReport> weights;
    private IReadOnlyList<string> warnings = [];

    private Experiment(MethodOptions options, ZslDataset dataset, RunOptions run)
    {
        (this.dataset, this.run) = (dataset, run);
        RequireTestImages();
        if (run.AllSeeds.CountBy(seed => seed).FirstOrDefault(s => s.Value > 1) is { Value: > 1 } twice)
            throw new ConfigurationException([$"Seed {twice.Key} is given {twice.Value} times. Give each seed once."]);
        RequireReadable(options, dataset);
        descriptor = MethodCatalog.Of(options);
        method = descriptor.Create(options);
        // Looked at before there is a run folder, so that a wrong file leaves none; a finished run needs them no more.
        weights = RunDirectory.IsFinished(run.Output) ? [] : options.PretrainedWeights();
        config = ExperimentConfig.Of(options, dataset, run);
        directory = RunDirectory.Open(run.Output, config, run.Resume, run.Force);
    }

    /// <summary>Chooses settings (clean protocol), trains every seed, scores test, writes the run folder.</summary>
    /// <param name="options">Options of a method of the catalog.</param>
    /// <param name="dataset">Dataset with features.</param>
    /// <param name="run">Protocol, seeds, training settings, run folder.</param>
    /// <exception cref="ConfigurationException">The run folder is in use or holds other options.</exception>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; continue with <see cref="RunOptions.Resume"/>.</exception>
    public static RunResult Run(MethodOptions options, ZslDataset dataset, RunOptions run) => new Experiment(options, dataset, run).Run();

    /// <summary>
    /// Runs a preset whole, as the command line does: its options, and its training settings wherever <paramref name="run"/> leaves them
    /// open. The other overload knows options only and trains them by the recipe of their method.
    /// </summary>
    /// <param name="preset">A preset of the catalog, for example <c>MethodCatalog.Find("msdn").Preset("msdn-sun")</c>.</param>
    /// <param name="dataset">Dataset with features.</param>
    /// <param name="run">Protocol, seeds, training settings, run folder.</param>
    /// <exception cref="ConfigurationException">The run folder is in use or holds other options.</exception>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; continue with <see cref="RunOptions.Resume"/>.</exception>
    public static RunResult Run(MethodPreset preset, ZslDataset dataset, RunOptions run)
    {
        if (preset.Training is { } training && MethodCatalog.Of(preset.Options).Recipe is { } recipe)
            run = run with { Training = run.Training.Over(training.Over(recipe)).ToOptions() };
        return Run(preset.Options, dataset, run);
    }

    /// <summary>A method reads what the dataset was opened with.</summary>
    /// <exception cref="ConfigurationException">It needs pictures, features or regions that the dataset was not opened with.</exception>
    internal static void RequireReadable(MethodOptions options, ZslDataset dataset)
    {
        if (options.Pictures() is null && dataset.Source.Pictures is not null) throw PictureFeatures.NoFeatures();
        if (options.Pictures() is { } pictures && dataset.Source.Pictures != pictures.Preprocessing)
            throw new ConfigurationException([$"These options read pictures themselves ({pictures.Encoder}): open the dataset with "
                + "ZslDataset.OpenPictures(path, options.Pictures()!.Preprocessing)."]);
        if (options.NeedsRegions() && dataset.Source.Regions == 1)
            throw new ConfigurationException([$"These options of {MethodCatalog.Of(options).Title} tell regions of a picture apart, but the features have one "
                + "region per picture. Give features with regions, or let the method read pictures itself."]);
    }

    private void RequireTestImages()
    {
        if (run.Protocol == EvaluationProtocol.Clean) return;
        foreach (var (split, name) in new[] { (ImageSplit.TestUnseen, "test_unseen"), (ImageSplit.TestSeen, "test_seen") })
            if (dataset.Folder.ImagesOf(split).Length == 0)
                throw new ConfigurationException([
                    $"The published protocol chooses on the test images, but {dataset.Folder.Name} has none in split {name}. " +
                    "Use --protocol clean, which chooses on validation classes."]);
    }

    private RunResult Run()
    {
        if (directory.FinishedReport is { } finished) return new RunResult(finished, directory);
        using var running = directory.Lock();
        directory.Log($"start {descriptor.Id} on {dataset.Folder.Name}, seeds {string.Join(", ", run.AllSeeds)}");
        foreach (var file in weights) directory.Log($"weights {file.File}: {file.ToString().Replace("\n  ", "; ", StringComparison.Ordinal)}");
        var selection = run.Protocol == EvaluationProtocol.Clean ? directory.Remember("selection", Choose) : null;
        var reports = new List<ZslReport>();
        foreach (var seed in run.AllSeeds) reports.Add(RunSeed(seed, selection, keepModel: reports.Count == 0));
        var report = ReportMerge.Merge(reports);
        RunFiles.Write(directory, report);
        directory.Log("done");
        return new RunResult(report, directory) { Warnings = warnings };
    }

    /// <summary>Epochs or settings, and gamma, on validation classes; seeded by the first seed, used by all.</summary>
    private Selection Choose()
    {
        var folds = Folds();
        if (folds.Count == 0)
        {
            directory.Log("fewer than 6 seen classes and no validation column: gamma 0, epochs as in the recipe");
            return new Selection(config.Training.Epochs, new Dictionary<string, string>(), 0, 0.5, null, []);
        }
        return method.Choose(folds, Context(run.AllSeeds[0], "validation", directory));
    }

    private List<ZslProblem> Folds()
    {
        var count = ValidationSplit.FoldCount(dataset.Folder);
        var used = method.SelectsOnAllFolds || run.AllFolds ? count : Math.Min(1, count);
        return [.. Enumerable.Range(0, used)
            .Select(fold => dataset.ValidationProblem(ValidationSplit.Create(dataset.Folder, fold, run.AllSeeds[0])!))];
    }

    private ZslReport RunSeed(int seed, Selection? selection, bool keepModel)
    {
        var folder = run.AllSeeds.Count > 1 ? directory.ForSeed(seed) : directory;
        // The settings were found equal before; the text of which this is the hash gains a line with every new setting.
        if (folder.FinishedReport is { } finished) return finished with { Configuration = config.Fingerprint() };
        var clock = Stopwatch.StartNew();
        var problem = dataset.TestProblem();
        var fit = method.Fit(problem, selection, Context(seed, "training", folder));
        using var model = fit.Model;
        var trained = clock.Elapsed.TotalSeconds;
        var outcome = new Outcome(config, descriptor, dataset, problem, fit, seed);
        var report = ReportBuilder.Build(outcome, trained, run.Progress, run.Cancellation);
        if (keepModel) SaveModel(outcome, report);
        if (folder != directory) report.Write(folder.ReportPath);
        return report;
    }

    private void SaveModel(Outcome outcome, ZslReport report)
    {
        warnings = ModelFolder.Save(directory.ModelPath, outcome, report);
        foreach (var warning in warnings) directory.Log($"warning: {warning}");
    }

    private FitContext Context(int seed, string phase, RunDirectory folder) => new()
    {
        Seed = seed,
        Recipe = run.Training.Over(descriptor.Recipe ?? new TrainingRecipe()),
        Precision = run.Precision,
        CheckpointPath = folder.CheckpointPath(phase),
        Phase = phase,
        Tracker = Tracker(folder),
        Progress = run.Progress,
        Cancellation = run.Cancellation,
    };

    private IRunTracker Tracker(RunDirectory folder) => run.TensorBoard
        ? new TrackerGroup(new JsonLinesTracker(folder.MetricsPath), new TensorBoardTracker(folder.TensorBoardPath))
        : new JsonLinesTracker(folder.MetricsPath);
}

/// <summary>A fitted model with everything that led to it.</summary>
internal sealed record Outcome(
    ExperimentConfig Config, MethodDescriptor Method, ZslDataset Dataset, ZslProblem Problem, FitResult Fit, int Seed);
