using System.Diagnostics;
using System.Globalization;
using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Features;
using Unseen.Reports;

namespace Unseen.Experiments;

/// <summary>Scores a stored model again, on its own dataset or another with the same classes and backbones. Trains nothing.</summary>
public static class Rescoring
{
    /// <summary>Opens a dataset with the regions that a model expects, or with pictures prepared as it expects them.</summary>
    /// <param name="record">The model.</param>
    /// <param name="path">Dataset folder.</param>
    /// <param name="features">Feature stores of the model's backbones, in the model's order; none for a model that reads pictures.</param>
    /// <exception cref="CheckpointMismatchException">The stores were made by other backbones, or the model reads pictures.</exception>
    public static ZslDataset OpenDataset(ModelRecord record, string path, IReadOnlyList<string> features)
    {
        if (record.Pictures is { } pictures)
            return features.Count == 0
                ? ZslDataset.OpenPictures(path, pictures.Preprocessing)
                : throw new CheckpointMismatchException($"The model has its own vision encoder ({pictures.Encoder}) and reads pictures. Leave out --features.");
        var dataset = ZslDataset.Open(path, null, record.Grid, record.FeatureWeights, features);
        try
        {
            RequireSameBackbones(record, dataset.Stores);
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    /// <summary>Scores the test images of a dataset at the gamma stored with the model.</summary>
    /// <param name="modelDirectory">Model folder.</param>
    /// <param name="dataset">Dataset from <see cref="OpenDataset"/>.</param>
    /// <param name="progress">Receives progress.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <exception cref="CheckpointMismatchException">A class of the dataset is unknown to the model.</exception>
    public static ZslReport Run(
        string modelDirectory, ZslDataset dataset, IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        var record = ModelFolder.ReadRecord(modelDirectory);
        var problem = Problem(record, dataset);
        using var model = ModelFolder.Load(modelDirectory, record);
        var clock = Stopwatch.StartNew();
        var test = TestPass.Run(model, dataset, problem, progress, cancellation);
        var published = record.Provenance.GetValueOrDefault("protocol") == nameof(EvaluationProtocol.Published);
        return new ZslReport
        {
            Method = record.Method,
            Preset = record.Provenance.GetValueOrDefault("preset") is { Length: > 0 } preset ? preset : null,
            Dataset = dataset.Folder.Name,
            Semantics = record.Provenance.GetValueOrDefault("semantics"),
            Configuration = record.Provenance.GetValueOrDefault("configuration"),
            Features = ReportBuilder.Features(dataset, record.Pictures),
            Protocol = published ? EvaluationProtocol.Published : EvaluationProtocol.Clean,
            Seeds = [int.Parse(record.Provenance.GetValueOrDefault("seed", "0"), CultureInfo.InvariantCulture)],
            Gamma = Gamma(record),
            Validation = record.Selection.Validation is { } v ? new ReportValidation(v.U, v.S, v.H) : null,
            UnseenVectorsUsedInTraining = MethodCatalog.Find(record.Method).UsesUnseenSemantics,
            TestSelected = published,
            Timing = new Dictionary<string, double> { ["testSeconds"] = clock.Elapsed.TotalSeconds },
            Environment = RunEnvironment.Describe(record.Precision),
            SemanticError = ReportBuilder.SemanticError(model, problem, test, cancellation),
            PointingGame = test.PointingGame,
            Prompts = ReportBuilder.Prompts(model, problem, progress, cancellation),
            AttributeFeatures = test.AttributeFeatures,
            RefinedFeatures = test.RefinedFeatures,
        }.WithTest(test.Curve, problem.Semantics.ClassNames);
    }

    private static ReportGamma Gamma(ModelRecord record) => record.Selection.Validation is null
        ? new(record.Selection.Gamma, record.GammaScale, "fixed", null)
        : new(record.Selection.Gamma, record.GammaScale, "validation", record.Selection.GammaQuantile);

    /// <summary>The model's classes with the dataset's images; classes are matched by name.</summary>
    private static ZslProblem Problem(ModelRecord record, ZslDataset dataset)
    {
        var idOf = record.Classes.Index().ToDictionary(c => c.Item.Name, c => c.Index, StringComparer.Ordinal);
        foreach (var entry in dataset.Folder.Classes)
            if (idOf.TryGetValue(entry.Name, out var known) && record.Classes[known].Seen != entry.Seen)
                throw new CheckpointMismatchException($"Class '{entry.Name}' is {Kind(entry.Seen)} in the dataset and {Kind(!entry.Seen)} in the model, so U, S and H would mean "
                    + "nothing. Evaluate on a dataset with the split of the training.");
        LabelledImages Labelled(params ImageSplit[] splits)
        {
            var images = splits.SelectMany(dataset.Folder.ImagesOf).ToArray();
            return new(images, Array.ConvertAll(images,
                image => IdOf(dataset.Folder.Classes[dataset.Folder.Images[image].Class].Name, idOf)));
        }
        return ModelFolder.Problem(record) with
        {
            Features = dataset.Source,
            Train = Labelled(ImageSplit.Trainval),
            Evaluation = Labelled(ImageSplit.TestSeen, ImageSplit.TestUnseen),
        };
    }

    private static string Kind(bool seen) => seen ? "seen" : "unseen";

    private static int IdOf(string name, Dictionary<string, int> idOf) => idOf.TryGetValue(name, out var id)
        ? id
        : throw new CheckpointMismatchException($"The model does not know class '{name}' of the dataset. It has {idOf.Count} classes, "
            + $"among them {string.Join(", ", idOf.Keys.Take(5))}. Was it trained on another dataset?");

    private static void RequireSameBackbones(ModelRecord record, IReadOnlyList<FeatureStore> stores)
    {
        var expected = record.Backbones.Select(b => b.Description).ToList();
        if (stores.Count != expected.Count)
            throw new CheckpointMismatchException($"The model needs {expected.Count} feature stores, found {stores.Count}: "
                + $"give those of {string.Join(", ", expected.Select(b => b.Name))}, in this order.");
        foreach (var (store, backbone) in stores.Zip(expected))
            if (store.Metadata.Backbone.Sha256 != backbone.Sha256 || store.Metadata.Backbone.Layer != backbone.Layer)
                throw new CheckpointMismatchException($"{store.Path}: made with backbone {Shown(store.Metadata.Backbone)}, "
                    + $"but the model expects {Shown(backbone)} here.");
    }

    private static string Shown(BackboneDescription backbone) => $"{backbone.Name} (layer {backbone.Layer}, SHA-256 {string.Concat(backbone.Sha256.Take(8))})";
}
