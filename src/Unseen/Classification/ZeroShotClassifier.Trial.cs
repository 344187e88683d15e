using Unseen.Experiments;

namespace Unseen.Classification;

public sealed partial class ZeroShotClassifier
{
    /// <summary>All saved changes of the classes, oldest first.</summary>
    /// <exception cref="DatasetFormatException">The history file is damaged.</exception>
    public IReadOnlyList<ClassHistoryEntry> History => classes.History;

    /// <summary>All other classes by their cosine to one, nearest first.</summary>
    /// <param name="name">Name of a class.</param>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    public IReadOnlyList<SimilarClass> SimilarTo(string name) => classes.SimilarTo(name);

    /// <summary>
    /// Changes the classes and saves them as one step: afterwards the folder and this classifier both have the change, or, when anything
    /// fails, neither has it. Changes that another process has saved in the meantime are taken over first.
    /// </summary>
    /// <param name="change">Changes the classes; must not save them, nor call this classifier.</param>
    /// <returns>What <paramref name="change"/> returns.</returns>
    /// <exception cref="UnseenException">The change is not possible.</exception>
    /// <exception cref="ModelChangedException">Another process is saving changes at this moment.</exception>
    /// <exception cref="IOException">The folder cannot be written, for example because the disk is full.</exception>
    public T ChangeClasses<T>(Func<ModelClasses, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (editing)
        {
            var draft = classes.Draft();
            draft.Refresh();
            var result = change(draft);
            if (!ReferenceEquals(draft.Record, classes.Record)) Use(draft, save: true);
            return result;
        }
    }

    /// <summary>Says what a change of the classes would do, and changes nothing.</summary>
    /// <param name="change">Changes the classes; must not save them, nor call this classifier.</param>
    /// <returns>What <paramref name="change"/> returns.</returns>
    /// <exception cref="UnseenException">The change is not possible.</exception>
    public T PreviewClasses<T>(Func<ModelClasses, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change(classes.Draft());
    }

    /// <summary>Ranks a class that the model does not have among the others, and changes nothing.</summary>
    /// <param name="name">Name of the class; must be new.</param>
    /// <param name="attributes">Values 0..1 by attribute name; may be empty when <paramref name="missing"/> names a class or the mean.</param>
    /// <param name="missing">Where values of attributes that are left out come from; null for the nearest class.</param>
    /// <param name="picture">A picture that this classifier has read, or null to fill the row only.</param>
    /// <param name="candidates">Classes that the picture may belong to.</param>
    /// <exception cref="ConfigurationException">The name is taken, or an attribute is unknown or out of range; every problem is named.</exception>
    /// <exception cref="UnseenException">The method cannot take classes after training, or the model does not know attributes.</exception>
    public ClassTrial TryClass(
        string name, IReadOnlyDictionary<string, float> attributes, MissingAttributes? missing, ImageFeatures? picture, CandidateClasses candidates)
    {
        if (picture is not null) RequireOwn(picture);
        lock (editing)      // the weights are read below
        {
            var draft = classes.Draft();
            var addition = draft.AddDescribed(name, attributes, missing, mayBeEmpty: true);
            return new(addition, draft.Record.Classes[^1].Values, picture is null ? null : Classify(picture, draft.Record, candidates));
        }
    }

    private ClassifiedImage Classify(ImageFeatures picture, ModelRecord record, CandidateClasses candidates)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        using var tried = model.WithClasses(Used(record, options));
        lock (scoring) return new(picture.Name, tried.Classes, tried.Score([picture.Values])[0], candidates);
    }
}
