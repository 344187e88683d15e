using Unseen.Classification;
using Unseen.Experiments;
using Unseen.Semantics;

namespace Unseen.Web.Inference;

/// <summary>A model that is served.</summary>
internal sealed class ServedModel(string name, string path, ZeroShotClassifier classifier) : IDisposable
{
    private (int Changes, HashSet<string> Names) added = (-1, []);

    /// <summary>Name by which requests ask for it.</summary>
    public string Name { get; } = name;

    /// <summary>Its folder; never told to callers.</summary>
    public string Path { get; } = path;

    /// <summary>The model itself.</summary>
    public ZeroShotClassifier Classifier { get; } = classifier;

    /// <summary>What is known about it.</summary>
    public ModelRecord Record => Classifier.Model;

    /// <summary>True when its classes can change without training.</summary>
    public bool IsEditable { get; } = MethodCatalog.Find(classifier.Model.Method).ScoresFromSemantics
        && classifier.Model.Provenance.GetValueOrDefault("semantics", "attributes") == "attributes";

    /// <summary>Names of classes that were added since training.</summary>
    public HashSet<string> Added()
    {
        var changes = Record.ClassChanges;
        if (added.Changes != changes) added = (changes, ReadAdded());
        return added.Names;
    }

    /// <summary>Values of a class as the interface has them: 0..1, or as in the dataset when its scale is raw.</summary>
    public IReadOnlyList<double> Shown(IReadOnlyList<float> values) =>
        [.. values.Select(v => Math.Round(v / (Record.Scale == AttributeScale.Percent ? 100.0 : 1.0), 6))];

    public void Dispose() => Classifier.Dispose();

    private HashSet<string> ReadAdded()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (var change in Classifier.History)
                if (change.Action == "add") names.Add(change.Class);
                else if (change.Action == "remove") names.Remove(change.Class);
        }
        catch (DatasetFormatException)
        {
            names.Clear();       // a damaged history tells nothing; the classes themselves are whole
        }
        return names;
    }
}
