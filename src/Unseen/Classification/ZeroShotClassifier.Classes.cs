using Unseen.Experiments;

namespace Unseen.Classification;

public sealed partial class ZeroShotClassifier
{
    /// <summary>The classes of the model, in the order of its scores.</summary>
    public IReadOnlyList<ModelClass> Classes => Model.Classes;

    /// <summary>All saved changes of the classes, oldest first.</summary>
    /// <exception cref="DatasetFormatException">The history file is damaged.</exception>
    public IReadOnlyList<ClassHistoryEntry> History => classes.History;

    /// <summary>All other classes by their cosine to one, nearest first.</summary>
    /// <param name="name">Name of a class.</param>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    public IReadOnlyList<SimilarClass> SimilarTo(string name) => classes.SimilarTo(name);

    /// <summary>
    /// Adds an unseen class that is described by attributes; nothing is trained, and calibration stays as it is. It takes part from the next
    /// call on; <see cref="SaveClasses"/> keeps it in the model folder.
    /// </summary>
    /// <param name="name">Name of the class; must be new.</param>
    /// <param name="attributes">Values 0..1 by attribute name. Attributes may be left out.</param>
    /// <param name="missing">Where values of attributes that are left out come from; null for the nearest class.</param>
    /// <returns>What was added: where missing values came from, and which classes are very similar.</returns>
    /// <exception cref="ConfigurationException">The name is taken, or an attribute is unknown or out of range; every problem is named.</exception>
    /// <exception cref="UnseenException">The method cannot take classes after training, or the model does not know attributes.</exception>
    public ClassAddition AddClass(string name, Dictionary<string, float> attributes, MissingAttributes? missing = null) =>
        Edit(c => c.Add(name, attributes, missing));

    /// <summary>Removes a class.</summary>
    /// <param name="name">Name of a class of the model.</param>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    /// <exception cref="UnseenException">The method cannot change its classes after training, or it is the last class.</exception>
    public void RemoveClass(string name) => Edit(c => c.Remove(name));

    /// <summary>Sets some attributes of a class; the others stay.</summary>
    /// <param name="name">Name of a class of the model.</param>
    /// <param name="attributes">Values 0..1 by attribute name.</param>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    /// <exception cref="ConfigurationException">An attribute is unknown or out of range; every problem is named.</exception>
    /// <exception cref="UnseenException">The method cannot change its classes after training, or the model does not know attributes.</exception>
    public ClassAddition SetAttributes(string name, Dictionary<string, float> attributes) => Edit(c => c.Set(name, attributes));

    /// <summary>Adds the classes of a CSV file; see <see cref="ModelClasses.Import"/>.</summary>
    /// <param name="file">CSV file.</param>
    /// <param name="missing">Where values that are left out come from; null for the nearest class, or the class itself when it is there.</param>
    /// <param name="replace">Also change classes that the model has already.</param>
    public IReadOnlyList<ClassAddition> ImportClasses(string file, MissingAttributes? missing = null, bool replace = false) =>
        Edit(c => c.Import(file, missing, replace));

    /// <summary>Takes the last change of the classes back; see <see cref="ModelClasses.Undo"/>.</summary>
    /// <returns>What was taken back, in the order in which it was made.</returns>
    /// <exception cref="UnseenException">There is no change, or what it replaced is not known.</exception>
    public IReadOnlyList<ClassHistoryEntry> UndoClasses() => Edit(c => c.Undo());

    /// <summary>Writes the changed classes and their history into the model folder.</summary>
    /// <exception cref="ModelChangedException">Another process has changed the classes in the meantime.</exception>
    public void SaveClasses()
    {
        lock (editing) classes.Save();
    }

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

    private T Edit<T>(Func<ModelClasses, T> change)
    {
        lock (editing)
        {
            var draft = classes.Draft();
            var result = change(draft);
            Use(draft, save: false);
            return result;
        }
    }

    /// <summary>Puts a model with other classes in the place of the present one; the classes are saved first, so that both change or none.</summary>
    private void Use(ModelClasses draft, bool save)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var next = model.WithClasses(Used(draft.Record, options));        // reads the weights only: others may score meanwhile
        try
        {
            if (save) draft.Save();
        }
        catch
        {
            next.Dispose();
            throw;
        }
        lock (scoring)
        {
            model.Dispose();
            model = next;
            classes = draft;
        }
    }
}
