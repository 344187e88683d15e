using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>What <see cref="DatasetInit"/> starts a dataset from.</summary>
public sealed record DatasetInitOptions
{
    /// <summary>Dataset folder to write.</summary>
    public required string Target { get; init; }

    /// <summary>Folder with one folder of pictures per class, named like the class. It may lie inside the target.</summary>
    public required string Images { get; init; }

    /// <summary>CSV file of attributes: one line per class, the first column is the class, every other column an attribute.</summary>
    public required string Attributes { get; init; }

    /// <summary>Name of the dataset; default: the name of the target folder.</summary>
    public string? Name { get; init; }

    /// <summary>Classes that become unseen although they may have pictures. Classes without pictures are unseen anyway.</summary>
    public IReadOnlyList<string> Unseen { get; init; } = [];

    /// <summary>Scale of the attribute values; default: guessed from their range.</summary>
    public AttributeScale? Scale { get; init; }

    /// <summary>Seed of the image split and the validation classes. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Writes into a target that is not empty. Default false.</summary>
    public bool Force { get; init; }
}

/// <summary>A dataset that was started.</summary>
/// <param name="Folder">The dataset, as read back from disk.</param>
/// <param name="Notes">What was decided for the user, one sentence each.</param>
public sealed record DatasetInitResult(DatasetFolder Folder, IReadOnlyList<string> Notes);
