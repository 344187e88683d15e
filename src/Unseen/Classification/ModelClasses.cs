using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>
/// The classes of a stored model, to be looked at and changed without loading the model itself. Changes stay in memory until
/// <see cref="Save"/>. Nothing is trained: for methods whose scores come from class semantics, a class is its row of values. Not thread-safe.
/// </summary>
public sealed partial class ModelClasses
{
    private const int ReadOnlyFileSystem = 30;

    private int savedChanges;

    private ModelClasses(string modelDirectory, ModelRecord record)
    {
        ModelDirectory = modelDirectory;
        Content = new(record, []);
        savedChanges = record.ClassChanges;
    }

    /// <summary>The model folder.</summary>
    public string ModelDirectory { get; }

    /// <summary>The model with its present classes.</summary>
    public ModelRecord Record => Content.Record;

    /// <summary>True when something is not saved yet.</summary>
    public bool HasChanges => Content.Pending.Count > 0;

    /// <summary>All saved changes, oldest first.</summary>
    /// <exception cref="DatasetFormatException">The history file is damaged.</exception>
    public IReadOnlyList<ClassHistoryEntry> History => ClassHistory.Read(ModelDirectory, savedChanges);

    /// <summary>Why classes cannot be described by attributes, in a sentence: the method, or the semantics of the training; null when they can.</summary>
    public string? FixedBecause => FixedByMethod ?? FixedBySemantics;

    private string? FixedByMethod => MethodCatalog.Find(Record.Method) is { ScoresFromSemantics: false } method
        ? $"Method '{method.Id}' cannot change its classes after training: its last stage is a classifier trained on features made for the classes of the "
            + "training. Train again on a dataset with the new classes, or use a method whose scores come from the class semantics: "
            + $"{string.Join(", ", MethodCatalog.All.Where(m => m.ScoresFromSemantics).Select(m => m.Id))}."
        : null;

    private string? FixedBySemantics => Record.Provenance.GetValueOrDefault("semantics", "attributes") is not "attributes" and var semantics
        ? $"This model was trained on the semantics '{semantics}', {Record.Attributes.Count} numbers per class, not on attributes. Import a CSV file with the "
            + $"columns class, {Record.Attributes[0].Name}, ..., {Record.Attributes[^1].Name}, made in the same way as those of the training."
        : null;

    /// <summary>Present classes and unsaved changes.</summary>
    private ClassContent Content { get; set; }

    /// <summary>Opens the classes of a model folder, or of the run folder that holds it.</summary>
    /// <exception cref="DatasetFormatException">There is no model, or model.json is damaged.</exception>
    public static ModelClasses Open(string modelDirectory)
    {
        var folder = ModelFolder.Find(modelDirectory);
        return new(folder, ModelFolder.ReadRecord(folder));
    }

    /// <summary>The class of a name.</summary>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    public ModelClass Find(string name) => Record.FindClass(name) ?? throw ClassNames.Unknown(name, Record.Classes);

    /// <summary>All other classes by their cosine to one, nearest first.</summary>
    /// <param name="name">Name of a class.</param>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    public IReadOnlyList<SimilarClass> SimilarTo(string name)
    {
        var found = Find(name);
        return [.. Table.Nearest(found.Name, found.Values)];
    }

    /// <summary>Adds an unseen class that is described by attributes.</summary>
    /// <param name="name">Name of the class; must be new.</param>
    /// <param name="attributes">
    /// Values 0..1 by attribute name; a dataset of scale raw has no 0..1, there they are taken as they are. Attributes may be left out.
    /// </param>
    /// <param name="missing">Where values of attributes that are left out come from; null for the nearest class.</param>
    /// <exception cref="ConfigurationException">The name is taken, or an attribute is unknown or out of range; every problem is named.</exception>
    /// <exception cref="UnseenException">The method cannot take classes after training, or the model does not know attributes.</exception>
    public ClassAddition Add(string name, IReadOnlyDictionary<string, float> attributes, MissingAttributes? missing = null) =>
        AddDescribed(name, attributes, missing, mayBeEmpty: false);

    /// <summary>As above; when it may be empty, a class or the mean can give all values.</summary>
    internal ClassAddition AddDescribed(string name, IReadOnlyDictionary<string, float> attributes, MissingAttributes? missing, bool mayBeEmpty)
    {
        RequireLive();
        RequireAttributes();
        name = ComposedText.Of(name);
        RequireNewName(name);
        var filled = mayBeEmpty && missing is ({ IsMean: true } or { Class: not null });
        if (attributes.Count == 0 && !filled)
            throw new ConfigurationException([$"Class '{name}': no attribute given. Give at least one, for example "
                + $"\"{Record.Attributes[0].Name}=1\"; 'unseen classes RUN show CLASS' lists those of a class."]);
        var twins = new NameTwins(Record.Classes);
        return Step(() => twins.Noted(Put(name, seen: false, Table.FromUnit(attributes), missing, [])));
    }

    /// <summary>Sets some attributes of a class; the others stay.</summary>
    /// <param name="name">Name of a class of the model.</param>
    /// <param name="attributes">Values 0..1 by attribute name, as in <see cref="Add"/>.</param>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    /// <exception cref="ConfigurationException">No attribute is given, one is unknown or out of range; every problem is named.</exception>
    /// <exception cref="UnseenException">The method cannot change classes after training, or the model does not know attributes.</exception>
    public ClassAddition Set(string name, IReadOnlyDictionary<string, float> attributes)
    {
        RequireLive();
        RequireAttributes();
        var present = Find(name);
        if (attributes.Count == 0) throw new ConfigurationException([$"Class '{name}': no attribute given to set."]);
        var values = Table.FromUnit(attributes);
        var given = values.Count(v => !float.IsNaN(v));
        for (var a = 0; a < values.Length; a++)
            if (float.IsNaN(values[a])) values[a] = present.Values[a];
        return Step(() => Put(present.Name, present.Seen, values, null, [])) with { Given = given };
    }

    /// <summary>Removes a class.</summary>
    /// <param name="name">Name of a class of the model.</param>
    /// <returns>The class as it was.</returns>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    /// <exception cref="UnseenException">The method cannot change classes after training, or it is the last class.</exception>
    public ModelClass Remove(string name)
    {
        RequireLive();
        var removed = Find(name);
        if (Record.Classes.Count == 1) throw new UnseenException($"Class '{name}' is the last one; a model needs at least one class.");
        return Step(() =>
        {
            Content = Content.Without(removed);
            return removed;
        });
    }

    /// <summary>
    /// Adds the classes of a CSV file: a column `class`, a column for each attribute (or v0, v1, ... when the model was trained on other
    /// semantics), values in the dataset's scale. Empty cells and missing columns are filled like attributes that are left out. Classes are
    /// unseen unless a column `split` says seen.
    /// </summary>
    /// <param name="file">CSV file.</param>
    /// <param name="missing">
    /// Where values that are left out come from; null for the nearest class of the model as it was before, and for the class itself when it is there
    /// already.
    /// </param>
    /// <param name="replace">Also change classes that the model has already.</param>
    /// <exception cref="ConfigurationException">The file is wrong; every problem is named with its line, and nothing is changed.</exception>
    /// <exception cref="UnseenException">The method cannot take classes after training.</exception>
    public IReadOnlyList<ClassAddition> Import(string file, MissingAttributes? missing = null, bool replace = false) =>
        ImportRows(reader => reader.Read(file), missing, replace);

    /// <summary>Adds the classes of a table that is no file; see <see cref="Import"/>.</summary>
    /// <param name="table">CSV text as UTF-8; can be set back to its start, and is closed.</param>
    /// <param name="name">What messages call the table.</param>
    /// <param name="missing">Where values that are left out come from; null as for a file.</param>
    /// <param name="replace">Also change classes that the model has already.</param>
    /// <exception cref="ConfigurationException">The table is wrong; every problem is named with its line, and nothing is changed.</exception>
    /// <exception cref="UnseenException">The method cannot take classes after training.</exception>
    public IReadOnlyList<ClassAddition> ImportTable(Stream table, string name, MissingAttributes? missing, bool replace) =>
        ImportRows(reader => reader.Read(table, name), missing, replace);

    private List<ClassAddition> ImportRows(Func<ClassTableReader, IReadOnlyList<ClassRow>> read, MissingAttributes? missing, bool replace)
    {
        RequireLive();
        var (source, twins) = (Table, new NameTwins(Record.Classes));
        return Step(() => read(new ClassTableReader(Record, replace))
            .Select(row => twins.Noted(Put(row.Name, row.Seen, row.Values, missing ?? Own(row.Name), row.Notes, source))).ToList());
    }

    /// <summary>
    /// Writes the changes: first the history, then model.json, each as a whole, so that a kill at any moment leaves the old classes or the
    /// new ones.
    /// </summary>
    /// <exception cref="ModelChangedException">Another process changes the classes at this moment, or has changed them since they were read.</exception>
    /// <exception cref="ReadOnlyModelException">The folder cannot be written.</exception>
    public void Save()
    {
        if (!HasChanges) return;
        using var guard = Lock();
        RemoveLeftovers();
        var stored = ModelFolder.ReadRecord(ModelDirectory);
        if (stored.ClassChanges != savedChanges)
            throw new ModelChangedException($"{ModelDirectory}: the classes were changed by another process since they were read "
                + $"({stored.ClassChanges} changes, expected {savedChanges}). Read them again and repeat the change.");
        var time = TimeProvider.System.GetUtcNow();
        var entries = Content.Pending.Select((entry, i) => entry with { Change = savedChanges + i + 1, Time = time }).ToList();
        ClassHistory.Append(ModelDirectory, savedChanges, entries);
        var record = Record with { ClassChanges = savedChanges + entries.Count };
        ModelFolder.WriteRecord(ModelDirectory, record);
        savedChanges = record.ClassChanges;
        Content = new(record, []);
    }

    /// <summary>What a kill during a change has left; nobody else writes these files while the lock is held.</summary>
    private void RemoveLeftovers()
    {
        foreach (var file in Directory.EnumerateFiles(ModelDirectory, $"model.json.*{AtomicFile.TemporaryExtension}").ToList()) File.Delete(file);
    }

    /// <summary>Whether the folder can be written at this moment, so that changes can be saved; an empty file is made in it and taken away again.</summary>
    public bool CanSave()
    {
        try
        {
            if (File.Exists(LockPath)) File.OpenRead(LockPath).Dispose();
            new FileStream(Path.Combine(ModelDirectory, $".classes.{Environment.ProcessId}.tmp"), new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
            }).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The same classes, to be changed without changing these.</summary>
    internal ModelClasses Draft() => new(ModelDirectory, Record) { Content = Content, savedChanges = savedChanges };

    /// <summary>Takes over what another process has saved, unless there are unsaved changes here.</summary>
    internal void Refresh()
    {
        if (HasChanges) return;
        var stored = ModelFolder.ReadRecord(ModelDirectory);
        if (stored.ClassChanges != savedChanges) (Content, savedChanges) = (new(stored, []), stored.ClassChanges);
    }

    private MissingAttributes? Own(string name) => Record.Classes.Any(c => c.Name == name) ? MissingAttributes.Like(name) : null;

    private ClassVectorTable Table => new(Record);

    private ClassAddition Put(
        string name, bool seen, float[] values, MissingAttributes? missing, IReadOnlyList<string> notes, ClassVectorTable? source = null)
    {
        var given = values.Count(v => !float.IsNaN(v));
        var from = (source ?? Table).Fill(values, missing ?? MissingAttributes.Nearest);
        var entry = new ModelClass(name, seen, values);
        Content = Record.Classes.FirstOrDefault(c => c.Name == name) is { } former
            ? Content.With(entry, former, from) : Content.With(entry, Record.Classes.Count, from);
        return new(name, seen, given, values.Length - given, from, notes, Table.Similar(name, values));
    }

    private void RequireNewName(string name)
    {
        if (ClassNames.Fault(name) is { } fault) throw new ConfigurationException([fault]);
        if (Record.FindClass(name) is { } present)
            throw new ConfigurationException([$"The model has a class '{present.Name}' already. Set its attributes, remove it first, or choose another name."]);
    }

    private void RequireLive()
    {
        if (FixedByMethod is { } fault) throw new UnseenException(fault);
    }

    /// <summary>Makes sure that classes can be described by attributes.</summary>
    /// <exception cref="UnseenException">The method cannot change its classes, or the model was trained on other semantics.</exception>
    public void RequireAttributes()
    {
        if (FixedBecause is { } fault) throw new UnseenException(fault);
    }

    /// <summary>Of a file of another user reading is enough, except on network file systems.</summary>
    private FileStream OpenLock()
    {
        try { return new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (UnauthorizedAccessException) when (File.Exists(LockPath)) { return new FileStream(LockPath, FileMode.Open, FileAccess.Read, FileShare.None); }
    }

    private string LockPath => Path.Combine(ModelDirectory, ".classes.lock");

    /// <summary>One process at a time changes the classes; a lock goes with the process that holds it.</summary>
    private FileStream Lock()
    {
        try { return OpenLock(); }
        catch (UnauthorizedAccessException e) when (File.Exists(LockPath))
        {
            throw new ReadOnlyModelException($"{LockPath}: the lock of the classes belongs to another user and may not be read: {e.Message} "
                + "Let it be read by all who change classes, or delete it while nobody does.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem })
        {
            throw new ReadOnlyModelException($"{ModelDirectory}: the folder is read-only, so the classes of the model cannot be changed: {e.Message}", e);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new ModelChangedException($"{ModelDirectory}: the classes cannot be locked, perhaps because another process is changing them: {e.Message}", e);
        }
    }
}
