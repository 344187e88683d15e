using Unseen.Data;

namespace Unseen.Experiments.Reproduction;

/// <summary>What a reproduction runs, bound before anything is written so that every mistake is found first.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Main">Configuration of its own row.</param>
/// <param name="Ablation">Rows of the ablation tables; null for those that only stand for comparison.</param>
/// <param name="Curves">Curves, each with its values.</param>
internal sealed record ReproductionPlan(PublishedExperiment Experiment, ExperimentConfig Main,
    IReadOnlyList<(AblationRow Row, ExperimentConfig? Config)> Ablation,
    IReadOnlyList<(PublishedCurve Curve, IReadOnlyList<(double Value, ExperimentConfig Config)> Points)> Curves)
{
    /// <summary>Binds what the options ask for.</summary>
    /// <exception cref="ConfigurationException">The method or preset is missing, or options are wrong: every problem.</exception>
    public static ReproductionPlan Of(PublishedExperiment experiment, ReproductionOptions options) => new(
        experiment,
        RowConfiguration.Load(experiment, null, options),
        [.. (options.Ablation ? experiment.Ablation : []).Select(row => (row, row.IsRunnable ? RowConfiguration.Load(experiment, row, options) : null))],
        [.. (options.Curves ? experiment.Curves : []).Select(curve => (curve, Points(experiment, curve, options)))]);

    /// <summary>Looks whether every run can read the dataset, before the first begins.</summary>
    /// <exception cref="ConfigurationException">A run needs pictures, features or regions that the dataset was not opened with.</exception>
    public void RequireReadable(ZslDataset dataset)
    {
        Experiments.Experiment.RequireReadable(Main.Options, dataset);
        foreach (var (row, config) in Ablation.Where(a => a.Config is not null)) RequireReadable($"row '{row.Name}'", config!, dataset);
        foreach (var (curve, points) in Curves)
            foreach (var (_, config) in points) RequireReadable($"curve '{curve.Name}'", config, dataset);
    }

    private static void RequireReadable(string what, ExperimentConfig config, ZslDataset dataset)
    {
        try { Experiments.Experiment.RequireReadable(config.Options, dataset); }
        catch (ConfigurationException e) { throw new ConfigurationException([.. e.Errors.Select(error => $"{what}: {error}")]); }
    }

    private static IReadOnlyList<(double Value, ExperimentConfig Config)> Points(
        PublishedExperiment experiment, PublishedCurve curve, ReproductionOptions options) =>
        [.. curve.Values.Select(value => (value, RowConfiguration.Load(experiment, curve, value, options)))];
}
