using Unseen.Data;

namespace Unseen.Experiments.Reproduction;

/// <summary>What an experiment still needs before it can be run, and where it will depart from the publication.</summary>
/// <param name="Missing">What is missing, for example "method", "dataset folder", "features"; empty when it can be run.</param>
/// <param name="Departures">Where the dataset at hand differs from the published one.</param>
public sealed record ExperimentNeeds(IReadOnlyList<string> Missing, IReadOnlyList<string> Departures)
{
    /// <summary>Looks at what is at hand.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="dataset">Dataset folder at hand, or null.</param>
    /// <param name="hasFeatures">True when feature stores of that dataset are at hand.</param>
    public static ExperimentNeeds Of(PublishedExperiment experiment, DatasetFolder? dataset, bool hasFeatures)
    {
        var published = PublishedDataset.Find(experiment.Dataset);
        var fits = dataset is not null && Fits(published, dataset);
        var missing = OfMethod(experiment.Method, experiment.Preset).ToList();
        if (!fits) missing.Add("dataset folder");
        else if (experiment.Semantics is { } name && !dataset!.OtherSemantics.ContainsKey(name)) missing.Add($"semantics {name}");
        if (!fits || !hasFeatures) missing.Add(ReadsPictures(experiment.Method) ? "features or weights of a vision encoder" : "features");
        return new(missing, fits ? published.Differences(DatasetInfo.Of(dataset!)) : []);
    }

    private static bool ReadsPictures(string id) => MethodCatalog.All.FirstOrDefault(m => m.Id == id) is { CanReadPictures: true };

    /// <summary>"method" or "preset NAME" when this version lacks them.</summary>
    internal static IEnumerable<string> OfMethod(string id, string? preset)
    {
        if (MethodCatalog.All.FirstOrDefault(m => m.Id == id) is not { } method) return ["method"];
        return preset is not null && method.Presets.All(p => p.Name != preset) ? [$"preset {preset}"] : [];
    }

    /// <summary>A benchmark by name, or a dataset without published figures with as many attributes (CUB-127 stands for CUB).</summary>
    private static bool Fits(PublishedDataset published, DatasetFolder dataset) =>
        PublishedDataset.Of(dataset.Name) is { } known ? known == published : dataset.Attributes.Count == published.Attributes;
}
