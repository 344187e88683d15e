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

    private static IReadOnlyList<(double Value, ExperimentConfig Config)> Points(
        PublishedExperiment experiment, PublishedCurve curve, ReproductionOptions options) =>
        [.. curve.Values.Select(value => (value, RowConfiguration.Load(experiment, curve, value, options)))];
}
