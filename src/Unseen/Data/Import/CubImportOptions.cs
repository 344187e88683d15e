namespace Unseen.Data.Import;

/// <summary>What <see cref="CubImporter"/> does with the pictures.</summary>
public enum CubCrop
{
    /// <summary>Refers to the whole pictures where they are.</summary>
    None,

    /// <summary>Cuts each picture to its bounding box and writes it into the dataset folder.</summary>
    BoundingBox,
}

/// <summary>What <see cref="CubImporter"/> reads and writes.</summary>
public sealed record CubImportOptions
{
    /// <summary>The folder CUB_200_2011 with images.txt.</summary>
    public required string Root { get; init; }

    /// <summary>The Proposed Split: att_splits.mat of CUB, or a CSV with the columns image and split.</summary>
    public required string SplitFile { get; init; }

    /// <summary>Dataset folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>Folder of the pictures; null for images inside <see cref="Root"/>.</summary>
    public string? ImagesFolder { get; init; }

    /// <summary>What to do with the pictures. Default <see cref="CubCrop.None"/>.</summary>
    public CubCrop Crop { get; init; }

    /// <summary>Leave out images whose file is missing, and classes left without images. Default false: a missing file is an
    /// error.</summary>
    public bool AllowMissingImages { get; init; }

    /// <summary>
    /// Prompt groups of the attributes: a JSON object from the index of every attribute, counted from 0, to its group, such as DUET's
    /// attributeindex2prompt.json. Null for the groups that the names tell, as in "has_wing_color::blue"; other names are groups of their own.
    /// </summary>
    public string? PromptsFile { get; init; }

    /// <summary>Words for some attributes: a JSON object from index to text, such as DUET's mapping.json; null for the words of the names.</summary>
    public string? PromptMappingFile { get; init; }

    /// <summary>Folder with valclasses1.txt and so on; null for the folder of <see cref="SplitFile"/>.</summary>
    public string? ClassListFolder { get; init; }

    /// <summary>Attribute word vectors, one line of numbers per attribute; null for none.</summary>
    public string? WordVectorsFile { get; init; }

    /// <summary>Dataset name.</summary>
    public string Name { get; init; } = "CUB-200-2011";

    /// <summary>Overwrite the dataset in a folder that is not empty.</summary>
    public bool Force { get; init; }
}
