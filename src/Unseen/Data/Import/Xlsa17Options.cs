namespace Unseen.Data.Import;

/// <summary>What <see cref="Xlsa17Importer"/> reads and writes.</summary>
public sealed record Xlsa17Options
{
    /// <summary>att_splits.mat (or sent_splits.mat) of the Proposed Split.</summary>
    public required string SplitsFile { get; init; }

    /// <summary>Dataset folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>res101.mat with labels, image_files and features, or null when <see cref="ImageListFile"/> is given.</summary>
    public string? FeaturesFile { get; init; }

    /// <summary>
    /// A CSV with the columns image, label0_xlsa17 and split, used instead of <see cref="FeaturesFile"/>: att_splits.mat alone does not say
    /// which class an image has.
    /// </summary>
    public string? ImageListFile { get; init; }

    /// <summary>Class names, one per line in label order; null to use allclasses_names, or to number them where it is missing
    /// (FLO).</summary>
    public string? ClassNamesFile { get; init; }

    /// <summary>Attribute names, one per line; null to number them.</summary>
    public string? AttributeNamesFile { get; init; }

    /// <summary>Attribute word vectors, one line of numbers per attribute; null for none.</summary>
    public string? WordVectorsFile { get; init; }

    /// <summary>
    /// Prompt groups of the attributes: a JSON object from the index of every attribute, counted from 0, to its group, such as DUET's
    /// attributeindex2prompt.json. Null for the groups that the names tell, as in "has_wing_color::blue"; other names are groups of their own.
    /// </summary>
    public string? PromptsFile { get; init; }

    /// <summary>Words for some attributes: a JSON object from index to text, such as DUET's mapping.json; null for the words of the names.</summary>
    public string? PromptMappingFile { get; init; }

    /// <summary>Folder with valclasses1.txt and so on; null for the folder of <see cref="SplitsFile"/>.</summary>
    public string? ClassListFolder { get; init; }

    /// <summary>Folder of the pictures; null for "images" inside the dataset folder.</summary>
    public string? ImagesFolder { get; init; }

    /// <summary>Dataset name; null for the name of the folder of <see cref="SplitsFile"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Takes the features of <see cref="FeaturesFile"/>, one global vector per image; null to leave them.</summary>
    public IFeatureSink? Features { get; init; }

    /// <summary>Overwrite the dataset in a folder that is not empty.</summary>
    public bool Force { get; init; }
}
