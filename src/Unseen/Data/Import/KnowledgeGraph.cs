namespace Unseen.Data.Import;

/// <summary>A relation of a graph from one entity to another.</summary>
internal sealed record GraphEdge(string Relation, string Tail);

/// <summary>Entities, what is said of them, and their names.</summary>
internal sealed class KnowledgeGraph
{
    private const int Columns = 3;

    private readonly Dictionary<string, List<GraphEdge>> edges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> entities = new(StringComparer.Ordinal);

    private KnowledgeGraph() { }

    internal static KnowledgeGraph Read(GraphSemanticsOptions options)
    {
        var graph = new KnowledgeGraph();
        var skip = options.SkipRelations.ToHashSet(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cells in options.Triples.SelectMany(path => Rows(path)))
        {
            var relation = WithoutPrefix(cells[1]);
            graph.entities.Add(cells[0]);
            graph.entities.Add(cells[2]);
            known.Add(relation);
            if (!skip.Contains(relation)) graph.Add(cells[0], new(relation, cells[2]));
        }
        if (skip.FirstOrDefault(s => !known.Contains(s)) is { } unknown) throw new UnknownNameException("relation", unknown, known.Order());
        foreach (var cells in options.LabelsFile is { } file ? Rows(file) : [])
            graph.labels[cells[0]] = cells[2].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return graph;
    }

    /// <summary>Name of an entity for people: its first label, or the entity without prefix.</summary>
    internal string NameOf(string entity) => labels.GetValueOrDefault(entity) is [var first, ..] ? first : WithoutPrefix(entity);

    /// <summary>
    /// The entity of each class: the one called like it, where case and punctuation do not count. First names go before further ones, and
    /// entities that something is said of before others.
    /// </summary>
    /// <exception cref="ConfigurationException">Classes without an entity, or with several: all of them.</exception>
    internal string[] Match(IReadOnlyList<string> classes)
    {
        var byName = entities.SelectMany(entity => Names(entity).Select((name, rank) => (Name: Key(name), Entity: entity, Rank: rank)))
            .ToLookup(n => n.Name);
        var errors = new List<string>();
        var found = classes.Select(name => Best(name, byName, errors)).ToArray();
        return errors.Count == 0 ? [.. found.OfType<string>()] : throw new ConfigurationException(errors);
    }

    /// <summary>What is reached from an entity by shortest paths of a length, with the last relation of each such path.</summary>
    internal IEnumerable<GraphEdge> At(string entity, int hops)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { entity };
        List<string> front = [entity];
        var reached = new List<GraphEdge>();
        for (var step = 0; step < hops; step++)
        {
            reached = [.. front.SelectMany(e => edges.GetValueOrDefault(e, [])).Where(e => !seen.Contains(e.Tail)).Distinct()];
            front = [.. reached.Select(e => e.Tail).Distinct(StringComparer.Ordinal)];
            seen.UnionWith(front);
        }
        return reached;
    }

    private void Add(string head, GraphEdge edge)
    {
        if (!edges.TryGetValue(head, out var list)) edges[head] = list = [];
        list.Add(edge);
    }

    private string[] Names(string entity) => labels.GetValueOrDefault(entity) ?? [WithoutPrefix(entity)];

    private string? Best(string name, ILookup<string, (string Name, string Entity, int Rank)> byName, List<string> errors)
    {
        var candidates = byName[Key(name)].GroupBy(c => (HasFacts: edges.ContainsKey(c.Entity), c.Rank))
            .OrderByDescending(g => g.Key.HasFacts).ThenBy(g => g.Key.Rank).FirstOrDefault();
        var best = candidates?.Select(c => c.Entity).Distinct().ToList() ?? [];
        if (best.Count == 1) return best[0];
        errors.Add(best.Count == 0
            ? $"Class '{name}' is not in the graph: no entity is called so." + Suggestion(name, byName)
            : $"Class '{name}' may be any of these entities of the graph: {string.Join(", ", best)}. " +
                "Take the wrong ones out of the labels.");
        return null;
    }

    private static string Suggestion(string name, ILookup<string, (string Name, string Entity, int Rank)> byName) =>
        NearestName.Find(Key(name), byName.Select(g => g.Key)) is { } near ? $" The nearest name is '{near}'." : "";

    /// <summary>Lower-case words without punctuation, and without the number that CUB puts in front.</summary>
    private static string Key(string name)
    {
        var words = new string([.. name.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words is [var first, _, ..] && first.All(char.IsDigit) ? words[1..] : words);
    }

    private static string WithoutPrefix(string name) => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static IEnumerable<string[]> Rows(string path)
    {
        foreach (var (row, line) in TextTable.Lines(path).Index())
        {
            var cells = line.Split('\t', StringSplitOptions.TrimEntries);
            yield return cells.Length == Columns && cells.All(c => c.Length > 0) ? cells : throw new DatasetFormatException(path,
                $"line {row + 1} must have three texts separated by tabs, found '{line}'.");
        }
    }
}
