namespace Unseen.Data.Import;

/// <summary>What <see cref="Hdf5Importer"/> reads and writes.</summary>
public sealed record Hdf5ImportOptions
{
    /// <summary>The feature file, for example feature_map_ResNet_101_CUB.hdf5.</summary>
    public required string FeaturesFile { get; init; }

    /// <summary>Dataset folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>Class names, one per line in label order; null to number them.</summary>
    public string? ClassNamesFile { get; init; }

    /// <summary>Attribute names, one per line; null to number them.</summary>
    public string? AttributeNamesFile { get; init; }

    /// <summary>Image files, one per line in row order, relative to the images folder; null to number them.</summary>
    public string? ImageNamesFile { get; init; }

    /// <summary>
    /// Prompt groups of the attributes: a JSON object from the index of every attribute, counted from 0, to its group, such as DUET's
    /// attributeindex2prompt.json. Null for the groups that the names tell, as in "has_wing_color::blue"; other names are groups of their own.
    /// </summary>
    public string? PromptsFile { get; init; }

    /// <summary>Words for some attributes: a JSON object from index to text, such as DUET's mapping.json; null for the words of the names.</summary>
    public string? PromptMappingFile { get; init; }

    /// <summary>Folder with valclasses1.txt and so on (needs class names); null for none.</summary>
    public string? ClassListFolder { get; init; }

    /// <summary>Folder of the pictures; null for "images" inside the dataset folder.</summary>
    public string? ImagesFolder { get; init; }

    /// <summary>Dataset name; null for the name of the file.</summary>
    public string? Name { get; init; }

    /// <summary>Takes the features [regions, visual] of every image; null to leave them.</summary>
    public IFeatureSink? Features { get; init; }

    /// <summary>Overwrite the dataset in a folder that is not empty.</summary>
    public bool Force { get; init; }
}
