namespace Unseen.Data.Import;

/// <summary>
/// What <see cref="Awa2Importer"/>, <see cref="SunImporter"/>, <see cref="FlowersImporter"/> and <see cref="ApyImporter"/> read and write.
/// </summary>
public sealed record LayoutImportOptions
{
    /// <summary>Folder of the official files, as they are unpacked.</summary>
    public required string Root { get; init; }

    /// <summary>att_splits.mat of the dataset (Proposed Split): it says which images train and test, and holds the class vectors.</summary>
    public required string SplitFile { get; init; }

    /// <summary>Dataset folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>Folder of the pictures; null for the place of the official layout below <see cref="Root"/>.</summary>
    public string? ImagesFolder { get; init; }

    /// <summary>
    /// Leave out images whose file is missing, and classes left without images. Default false: a missing file is an error. Has no effect on
    /// AWA2, whose pictures are counted by their files.
    /// </summary>
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

    /// <summary>Class names, one per line in label order; null for those of the split file, numbers where it has none (FLO).</summary>
    public string? ClassNamesFile { get; init; }

    /// <summary>Attribute word vectors, one line of numbers per attribute; null for none.</summary>
    public string? WordVectorsFile { get; init; }

    /// <summary>Dataset name; null for the usual short one, for example "AWA2".</summary>
    public string? Name { get; init; }

    /// <summary>Overwrite the dataset in a folder that is not empty.</summary>
    public bool Force { get; init; }
}
