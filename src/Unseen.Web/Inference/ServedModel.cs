using Unseen.Classification;
using Unseen.Experiments;
using Unseen.Web.Http;

namespace Unseen.Web.Inference;

/// <summary>A model that is served.</summary>
internal sealed class ServedModel(string name, ZeroShotClassifier classifier) : IDisposable
{
    private volatile AddedClasses added = new(-1, []);

    /// <summary>Name by which requests ask for it.</summary>
    public string Name { get; } = name;

    /// <summary>The model itself.</summary>
    public ZeroShotClassifier Classifier { get; } = classifier;

    /// <summary>What is known about it.</summary>
    public ModelRecord Record => Classifier.Model;

    /// <summary>Why classes of such a model cannot be described by attributes, in a sentence; null when they can.</summary>
    public string? FixedByTraining { get; } = classifier.PreviewClasses(classes => classes.FixedBecause);

    /// <summary>Why classes cannot be added and changed here, in a sentence; null when they can.</summary>
    public string? FixedBecause => FixedByTraining
        ?? (Classifier.PreviewClasses(classes => classes.CanSave()) ? null : "The folder of the model is read-only here, so its classes cannot be changed.");

    /// <summary>Names of classes that were added since training.</summary>
    public HashSet<string> Added()
    {
        var (known, changes) = (added, Record.ClassChanges);
        if (known.Changes != changes) added = known = new(changes, ReadAdded());
        return known.Names;
    }

    /// <summary>Makes sure that a picture may belong to some class.</summary>
    /// <exception cref="ProblemException">400: no class is a candidate.</exception>
    public void RequireCandidate(CandidateClasses among)
    {
        if (among == CandidateClasses.All || Record.Classes.Any(c => c.Seen == (among == CandidateClasses.Seen))) return;
        var kind = among.ToString().ToLowerInvariant();
        throw new ProblemException(400, $"The model '{Name}' has no {kind} class, so candidates={kind} leaves none. Leave it out.");
    }

    public void Dispose() => Classifier.Dispose();

    private HashSet<string> ReadAdded()
    {
        var (names, gone) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        try
        {
            foreach (var change in Classifier.History)
                if (change.Action == "remove" && names.Remove(change.Class)) gone.Add(change.Class);
                else if (change.Action == "add" && (change.Undoes is null || gone.Contains(change.Class))) names.Add(change.Class);   // no class of the training that came back
        }
        catch (DatasetFormatException)
        {
            names.Clear();       // a damaged history tells nothing; the classes themselves are whole
        }
        return names;
    }

    /// <summary>Names after so many changes; never changed, so that threads may share it.</summary>
    private sealed record AddedClasses(int Changes, HashSet<string> Names);
}
