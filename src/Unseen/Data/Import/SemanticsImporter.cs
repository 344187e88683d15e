using System.Text.RegularExpressions;

namespace Unseen.Data.Import;

/// <summary>
/// Adds class semantics to a dataset folder: semantics/NAME.csv, chosen by --semantics NAME. A knowledge graph gives one 0 or 1 per
/// property and the facts themselves in relations.csv (the AWA2-KG benchmark of DUET); ready vectors are sentence or graph embeddings.
/// </summary>
public static partial class SemanticsImporter
{
    private const string RelationsFile = "relations.csv";

    /// <summary>What the graph says of each class at a distance: 1 for a property that the class has, else 0.</summary>
    /// <exception cref="DatasetFormatException">A file is damaged, or the semantics exist already.</exception>
    /// <exception cref="ConfigurationException">Classes that are not in the graph, or mean several of its entities.</exception>
    public static SemanticsImportResult ImportGraph(SemanticsTarget target, GraphSemanticsOptions options)
    {
        if (options.Hops < 1) throw new ConfigurationException([$"Hops must be at least 1, found {options.Hops}."]);
        var folder = Open(target);
        var relations = RequireNew(Path.Combine(folder.Path, RelationsFile), target.Force);
        var graph = KnowledgeGraph.Read(options);
        var facts = graph.Match([.. folder.Classes.Select(c => c.Name)]).Select(entity => graph.At(entity, options.Hops).ToList()).ToList();
        var properties = facts.SelectMany(f => f).Select(e => e.Tail).Distinct().ToList();
        if (properties.Count == 0)
            throw new ConfigurationException([$"The graph says nothing of any class at a distance of {options.Hops}."]);
        var result = Write(target, folder, Indicators(facts, properties), facts.Sum(f => f.Count));
        DatasetFolderWriter.WriteCsv(relations, ["class", "relation", "value"], facts.SelectMany((list, c) =>
            list.Select(edge => new[] { folder.Classes[c].Name, edge.Relation, graph.NameOf(edge.Tail) })));
        return result;
    }

    /// <summary>Ready class vectors.</summary>
    /// <exception cref="DatasetFormatException">A file is damaged, a class has no vector, or the semantics exist already.</exception>
    /// <exception cref="ConfigurationException">Nothing says which class a vector belongs to.</exception>
    public static SemanticsImportResult ImportVectors(SemanticsTarget target, VectorSemanticsOptions options)
    {
        var folder = Open(target);
        return Write(target, folder, ClassVectors.Read(options, [.. folder.Classes.Select(c => c.Name)]), facts: 0);
    }

    private static DatasetFolder Open(SemanticsTarget target)
    {
        if (!SafeName().IsMatch(target.Name) || target.Name == "attributes")
            throw new ConfigurationException([$"The name of semantics must be letters, digits, '-' and '_', and not 'attributes', found " +
                $"'{target.Name}'."]);
        var folder = DatasetReader.Open(target.Dataset);
        RequireNew(PathOf(folder, target), target.Force);
        return folder;
    }

    private static string RequireNew(string path, bool force) => force || !File.Exists(path) ? path
        : throw new DatasetFormatException(path, "the file exists already. Choose another name, or replace it with --force.");

    private static string PathOf(DatasetFolder folder, SemanticsTarget target) =>
        Path.Combine(folder.Path, "semantics", $"{target.Name}.csv");

    private static float[,] Indicators(List<List<GraphEdge>> facts, List<string> properties)
    {
        var column = properties.Index().ToDictionary(p => p.Item, p => p.Index);
        var values = new float[facts.Count, properties.Count];
        foreach (var (c, list) in facts.Index())
            foreach (var edge in list) values[c, column[edge.Tail]] = 1;
        return values;
    }

    private static SemanticsImportResult Write(SemanticsTarget target, DatasetFolder folder, float[,] values, int facts)
    {
        var path = PathOf(folder, target);
        DatasetFolderWriter.WriteVectors(path, [.. folder.Classes.Select(c => c.Name)], values);
        return new(path, values.GetLength(0), values.GetLength(1), facts);
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,100}$")]
    private static partial Regex SafeName();
}
