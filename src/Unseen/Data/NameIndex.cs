namespace Unseen.Data;

/// <summary>Names with their ids, in order of appearance.</summary>
internal sealed class NameIndex(string kind, string file)
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly List<string> names = [];

    /// <summary>
    /// False when the file could not be read whole; then unknown names are not reported, they may stand in what is missing.
    /// </summary>
    public bool Complete { get; set; }

    public IReadOnlyList<string> Names => names;

    /// <summary>Adds a name; false (with a problem) when it is empty or already there.</summary>
    public bool Add(CsvTable table, string name)
    {
        if (name.Length > 0 && ids.TryAdd(name, names.Count))
        {
            names.Add(name);
            return true;
        }
        table.Error(name.Length == 0
            ? $"The name of the {kind} is empty. Fill it in or delete the line."
            : $"The {kind} {DatasetProblems.Shown(name)} appears twice. Delete one of the lines.");
        return false;
    }

    public bool TryGet(string name, out int id) => ids.TryGetValue(name, out id);

    /// <summary>Id of a name that must be known; -1 (with a problem) when it is not.</summary>
    public int Find(CsvTable table, string name)
    {
        if (ids.TryGetValue(name, out var id)) return id;
        if (Complete) table.Error(Unknown(name));
        return -1;
    }

    public string Unknown(string name) =>
        $"The {kind} {DatasetProblems.Shown(name)} is not in {file}.{DatasetProblems.Suggestion(name, names)} " +
        $"Correct the name or add it to {file}.";
}
