namespace Unseen.Data.Import;

/// <summary>Where <see cref="SemanticsImporter"/> writes.</summary>
/// <param name="Dataset">Dataset folder.</param>
/// <param name="Name">Name of the semantics: letters, digits, dashes and underscores.</param>
/// <param name="Force">Replace semantics of that name, and relations.csv.</param>
public sealed record SemanticsTarget(string Dataset, string Name, bool Force = false);

/// <summary>Class semantics from a knowledge graph.</summary>
public sealed record GraphSemanticsOptions
{
    /// <summary>Files with a head, a relation and a tail per line, separated by tabs.</summary>
    public required IReadOnlyList<string> Triples { get; init; }

    /// <summary>
    /// File with an entity, any relation and its names (separated by commas, the most usual first) per line; null when entities are
    /// called by their names.
    /// </summary>
    public string? LabelsFile { get; init; }

    /// <summary>
    /// A class has a property when the shortest path along the relations from the class to it has this length (h in DUET, section 4.1).
    /// Default 1: what the graph says of the class itself.
    /// </summary>
    public int Hops { get; init; } = 1;

    /// <summary>Relations to leave out, without prefix, for example "subClassOf".</summary>
    public IReadOnlyList<string> SkipRelations { get; init; } = [];
}

/// <summary>Class semantics from ready vectors.</summary>
public sealed record VectorSemanticsOptions
{
    /// <summary>A .mat file (v5) or a text table with a line of numbers per class.</summary>
    public required string File { get; init; }

    /// <summary>Variable of the .mat file; null for its only matrix with a row or a column per class.</summary>
    public string? Variable { get; init; }

    /// <summary>
    /// Class of each vector: a text file with a name per line, or a .mat file with allclasses_names; null when <see cref="File"/> itself
    /// has allclasses_names. Classes that the dataset does not have are left out.
    /// </summary>
    public string? ClassNamesFile { get; init; }
}

/// <summary>What <see cref="SemanticsImporter"/> wrote.</summary>
/// <param name="Path">Full path of semantics/NAME.csv.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Width">Values per class.</param>
/// <param name="Facts">Facts written to relations.csv; 0 when it was not written.</param>
public sealed record SemanticsImportResult(string Path, int Classes, int Width, int Facts);
