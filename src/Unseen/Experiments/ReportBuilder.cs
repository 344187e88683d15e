using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Models;
using Unseen.Reports;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>Scores a fitted model on the test images and writes down everything a reader needs to judge the figures.</summary>
internal static class ReportBuilder
{
    public static ZslReport Build(Outcome outcome, double trainingSeconds, IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        var (config, method, dataset, problem, fit, seed) = outcome;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var test = TestPass.Run(fit.Model, dataset, problem, progress, cancellation);
        var scoring = clock.Elapsed.TotalSeconds;
        var chosen = fit.Chosen;
        return new ZslReport
        {
            Method = method.Id,
            Preset = config.Preset,
            Dataset = dataset.Folder.Name,
            Semantics = dataset.SemanticsName,
            Configuration = config.Fingerprint(),
            Features = Features(dataset, config.Options.Pictures() is { } pictures ? ModelPictures.Of(pictures) : null),
            Protocol = config.Protocol,
            Seeds = [seed],
            Gamma = new ReportGamma(chosen.Gamma, config.Options.ScoreScale() ?? method.ScoreScale, ChosenOn(config, chosen), chosen.Validation is null ? null : chosen.GammaQuantile),
            Validation = chosen.Validation is { } v ? new ReportValidation(v.U, v.S, v.H) : null,
            UnseenVectorsUsedInTraining = method.UsesUnseenSemantics,
            TestSelected = config.Protocol == EvaluationProtocol.Published,
            Timing = Timing(fit, trainingSeconds, scoring),
            Environment = RunEnvironment.Describe(config.Precision),
            History = [.. History("search", chosen.History), .. History("final", fit.History)],
            SemanticError = SemanticError(fit.Model, problem, test, cancellation),
            PointingGame = test.PointingGame,
            Prompts = Prompts(fit.Model, problem, progress, cancellation),
            AttributeFeatures = test.AttributeFeatures,
            RefinedFeatures = test.RefinedFeatures,
        }.WithTest(test.Curve, problem.Semantics.ClassNames);
    }

    private static string ChosenOn(ExperimentConfig config, Selection chosen) =>
        config.Protocol == EvaluationProtocol.Clean && chosen.Validation is not null ? "validation" : "fixed";

    /// <summary>What the figures rest on: the backbone of each store, or the vision encoder that was trained along.</summary>
    internal static IReadOnlyList<ReportFeatures> Features(Data.ZslDataset dataset, ModelPictures? pictures) => pictures is null
        ? [.. dataset.Stores.Select(Features)]
        : [new($"pictures {pictures.Preprocessing.Height}x{pictures.Preprocessing.Width}",
            $"{pictures.Encoder}, initial weights {(pictures.WeightsSha256 is { } hash ? $"SHA-256 {hash}" : "not kept")}", pictures.PreTraining ?? "not stated")];

    private static ReportFeatures Features(Unseen.Features.FeatureStore store) =>
        new(Path.GetFileName(store.Path), store.Metadata.Backbone.Name, store.Metadata.Backbone.PreTraining ?? Unseen.Features.KnownBackbones.Find(store.Metadata.Backbone.Path)?.PreTraining ?? "not stated");

    private static Dictionary<string, double> Timing(FitResult fit, double training, double scoring)
    {
        var timing = new Dictionary<string, double> { ["trainingSeconds"] = training, ["testSeconds"] = scoring };
        if (fit.History.Count > 0) timing["secondsPerEpoch"] = fit.History.Average(e => e.Seconds);
        if (fit.Chosen.History.Count > 0) timing["validationSeconds"] = fit.Chosen.History.Sum(e => e.Seconds);
        return timing;
    }

    private static IEnumerable<ReportEpoch> History(string phase, IReadOnlyList<EpochRecord> epochs) => epochs.Select(e => new ReportEpoch(
        phase, e.Epoch, e.Steps, new Dictionary<string, double>(e.Terms) { ["total"] = e.Loss }, e.Validation?.U, e.Validation?.S, e.Validation?.H));

    /// <summary>Null for a method that reads no prompts.</summary>
    internal static IReadOnlyList<PromptAccuracyRow>? Prompts(
        IZslModel model, ZslProblem problem, IProgress<ProgressUpdate>? progress, CancellationToken cancellation) =>
        problem.Semantics.Attributes == problem.Attributes.Count
            && Scoring.PromptedAttributes(model, problem, problem.Evaluation, progress, cancellation) is { } answers
            ? PromptAccuracy.Compute(answers, problem.Evaluation.Labels, [.. problem.Attributes.Select(a => a.Group)], problem.Semantics.UnitValues(), problem.SeenClass,
                ((IPromptedModel)model).PresenceThreshold)
            : null;

    internal static ReportSemanticError? SemanticError(IZslModel model, ZslProblem problem, TestPass test, CancellationToken cancellation)
    {
        if (test.PredictedAttributes is not { } predicted || problem.Evaluation.Count == 0) return null;
        var training = Scoring.PredictAttributes(model, problem, problem.Train, cancellation);
        var matrix = SemanticErrorMatrix.Compute(new AttributePredictions(training, problem.Train.Labels),
            new AttributePredictions(predicted, problem.Evaluation.Labels), problem.Semantics.Values, problem.SeenClass);
        return ReportSemanticError.Of(matrix, problem.Semantics.ClassNames, problem.Semantics.AttributeNames);
    }
}
