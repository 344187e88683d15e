namespace Unseen.Data;

/// <summary>Bounds of a dataset folder, checked before memory is allocated: a file is untrusted.</summary>
public static class DatasetLimits
{
    /// <summary>Largest dataset.yaml, bytes.</summary>
    public const long YamlBytes = 64 * 1024;

    /// <summary>Largest CSV file, bytes.</summary>
    public const long CsvBytes = 512L * 1024 * 1024;

    /// <summary>Longest line of a CSV file, bytes.</summary>
    public const int LineBytes = 16 * 1024 * 1024;

    /// <summary>Longest cell of a CSV file, characters.</summary>
    public const int CellCharacters = 16 * 1024;

    /// <summary>Most classes.</summary>
    public const int Classes = 100_000;

    /// <summary>Most attributes.</summary>
    public const int Attributes = 100_000;

    /// <summary>Most images.</summary>
    public const int Images = 10_000_000;

    /// <summary>Most rows of parts.csv or relations.csv.</summary>
    public const int Rows = 20_000_000;

    /// <summary>Widest word vector or class embedding.</summary>
    public const int VectorWidth = 65_536;

    /// <summary>Most values of one table of vectors (rows x columns).</summary>
    public const long Values = 1L << 27;

    /// <summary>Most validation columns of classes.csv.</summary>
    public const int ValidationFolds = 1000;

    /// <summary>Most pixels of one image.</summary>
    public const long Pixels = 100_000_000;
}
