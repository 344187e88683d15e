using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>Everything a dataset folder says, parsed and validated, without features. Immutable.</summary>
public sealed record DatasetFolder
{
    /// <summary>Full path of the folder.</summary>
    public required string Path { get; init; }

    /// <summary>Name from dataset.yaml.</summary>
    public required string Name { get; init; }

    /// <summary>Description from dataset.yaml.</summary>
    public string Description { get; init; } = "";

    /// <summary>Licence from dataset.yaml.</summary>
    public string Licence { get; init; } = "";

    /// <summary>Source from dataset.yaml.</summary>
    public string Source { get; init; } = "";

    /// <summary>Full path of the images folder.</summary>
    public required string ImagesPath { get; init; }

    /// <summary>Classes in file order; an index into this list is a class id.</summary>
    public required IReadOnlyList<ClassEntry> Classes { get; init; }

    /// <summary>Names of the validation columns of classes.csv, possibly none.</summary>
    public required IReadOnlyList<string> ValidationFolds { get; init; }

    /// <summary>Attributes in file order.</summary>
    public required IReadOnlyList<AttributeEntry> Attributes { get; init; }

    /// <summary>Class semantic vectors from class_attributes.csv, rows in the order of <see cref="Classes"/>, columns of <see cref="Attributes"/>.</summary>
    public required ClassSemantics ClassAttributes { get; init; }

    /// <summary>What the dataset says about negative attribute values.</summary>
    public NegativeAttributes Negative { get; init; }

    /// <summary>How many values of class_attributes.csv are below 0, counted before <see cref="Negative"/> was applied.</summary>
    public int NegativeAttributeValues { get; init; }

    /// <summary>Images in file order; an index into this list is an image id.</summary>
    public required IReadOnlyList<ImageEntry> Images { get; init; }

    /// <summary>Attribute word vectors [attributes, words] from word_vectors.csv, or null.</summary>
    public float[,]? WordVectors { get; init; }

    /// <summary>Part places from parts.csv, possibly none.</summary>
    public IReadOnlyList<PartEntry> Parts { get; init; } = [];

    /// <summary>Facts from relations.csv, possibly none.</summary>
    public IReadOnlyList<RelationEntry> Relations { get; init; } = [];

    /// <summary>Other class semantics by name, from semantics/NAME.csv.</summary>
    public IReadOnlyDictionary<string, ClassSemantics> OtherSemantics { get; init; } = new Dictionary<string, ClassSemantics>();

    /// <summary>Full path of an image.</summary>
    public string ImagePath(ImageEntry image) => System.IO.Path.Combine(ImagesPath, image.File);

    /// <summary>Ids of the images of one split.</summary>
    public int[] ImagesOf(ImageSplit split) => [.. Enumerable.Range(0, Images.Count).Where(i => Images[i].Split == split)];
}
