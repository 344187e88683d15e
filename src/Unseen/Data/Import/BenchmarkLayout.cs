using SkiaSharp;

namespace Unseen.Data.Import;

/// <summary>A public dataset as its official files tell it. All arrays stand in the order in which att_splits.mat counts.</summary>
internal sealed record BenchmarkLayout
{
    /// <summary>Usual short name, for example "AWA2".</summary>
    public required string Name { get; init; }

    /// <summary>One line for dataset.yaml.</summary>
    public required string Description { get; init; }

    /// <summary>One line for dataset.yaml.</summary>
    public required string Licence { get; init; }

    /// <summary>Paper of the dataset.</summary>
    public required string Source { get; init; }

    /// <summary>Folder that <see cref="Files"/> are relative to; not used when the pictures are cropped.</summary>
    public required string Pictures { get; init; }

    /// <summary>Names of the images in the dataset.</summary>
    public required string[] Files { get; init; }

    /// <summary>Index of the class of each image in the split file.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Attributes in the order of the class vectors.</summary>
    public required AttributeEntry[] Attributes { get; init; }

    /// <summary>Picture and box of each image, for datasets of cropped objects; null for whole pictures.</summary>
    public (string Path, SKRectI Box)[]? Crops { get; init; }

    /// <summary>Full path of the picture behind an image.</summary>
    public string PictureOf(int image) => Crops is { } crops ? crops[image].Path : Path.Combine(Pictures, Files[image]);
}
