using Unseen.Data;
using Unseen.Experiments.Configuration;

namespace Unseen.Experiments.Reproduction;

/// <summary>
/// Reads a file of experiments by the rules of the configuration: unknown keys are refused, all problems are reported at once. Options of
/// the method are kept as written, since this version may not have the method; they are bound when the experiment is run.
/// </summary>
internal static class ExperimentReader
{
    /// <summary>The experiment of a document.</summary>
    /// <exception cref="ConfigurationException">Every problem found.</exception>
    public static PublishedExperiment Read(ConfigDocument document, string name)
    {
        var settings = Take(document.Root, document);
        var rows = Rows(document).ToDictionary(row => row.Index, row => Take(row.Mapping, document));
        RequireKnownDataset(document);
        var bound = OptionsBinder.Bind(document, new PublishedExperiment());
        return bound with
        {
            Name = name,
            File = document.Source,
            Settings = settings,
            Ablation = [.. bound.Ablation.Select((row, i) => row with { Settings = rows[i] })],
        };
    }

    private static IEnumerable<(int Index, ConfigMapping Mapping)> Rows(ConfigDocument document) =>
        document.Find("ablation") is ConfigSequence rows
            ? rows.Items.Index().Where(r => r.Item is ConfigMapping).Select(r => (r.Index, (ConfigMapping)r.Item))
            : [];

    /// <summary>Takes the keys of the method out of a mapping.</summary>
    private static RowSettings Take(ConfigMapping mapping, ConfigDocument document)
    {
        var settings = new RowSettings(Mapping("options"), Mapping("training"));
        mapping.Entries.RemoveAll(entry => entry.Key is "options" or "training");
        return settings;

        ConfigMapping? Mapping(string key)
        {
            if (mapping.Find(key) is not { Value: var node }) return null;
            if (node is ConfigMapping inner) return inner;
            document.Problems.Add(new(node.Location, $"{key} must be a mapping of keys, found {node.Kind}."));
            return null;
        }
    }

    private static void RequireKnownDataset(ConfigDocument document)
    {
        if (document.Text("dataset") is { } id && PublishedDataset.All.All(d => d.Id != id))
            document.Problems.Add(new(document.Locate("dataset"),
                NearestName.Unknown("dataset", id, PublishedDataset.All.Select(d => d.Id))));
    }
}
