using System.Globalization;
using Unseen.Data.Formats;

namespace Unseen.Models.Encoders;

/// <summary>What a safetensors file of weights is; only its header is read.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Architecture">"ViT", "DeiT", "Swin", "BERT", "MobileNetV2", or null when the names are those of none.</param>
/// <param name="Sizes">What names and shapes tell of the architecture, by name, such as hidden, layers, imageSize.</param>
/// <param name="Tensors">Tensors in the file.</param>
/// <param name="Parameters">Numbers in the file, tables of positions and the like among them.</param>
/// <param name="Types">Element types, for example F32.</param>
/// <param name="Report">The file against the recognised architecture, with all parts that the file has; null without one.</param>
/// <param name="Problem">Why the file is of no use even though every name may be known; or null.</param>
public sealed record WeightFile(
    string File,
    string? Architecture,
    IReadOnlyDictionary<string, string> Sizes,
    int Tensors,
    long Parameters,
    IReadOnlyList<string> Types,
    WeightReport? Report,
    string? Problem)
{
    /// <summary>True when the file loads as the recognised architecture.</summary>
    public bool Fits => Problem is null && Report is { Fits: true };

    /// <summary>One line: what the file is and how its names compare with the architecture.</summary>
    public override string ToString() =>
        $"{File}: {Architecture ?? "unknown architecture"}, {Tensors} tensors{(Report is null ? "" : $"; {Report.ToString().Split('\n')[0]}")}";

    /// <summary>Reads the header of a file and recognises the architecture from names and shapes.</summary>
    /// <param name="path">Safetensors file, or folder with one npy file per weight, whose numbers are read as 32-bit floats; may be hostile.</param>
    /// <exception cref="DatasetFormatException">It is missing, or no valid safetensors file or folder of npy files.</exception>
    public static WeightFile Inspect(string path)
    {
        var entries = Declarations(path);
        var shapes = new WeightShapes(entries);
        var (architecture, sizes, layout, problem) = Architectures.Recognise(shapes);
        if (layout is not null && sizes.TryGetValue("hidden", out var hidden) && architecture is "ViT" or "DeiT" or "BERT")
            problem ??= PublishedHeads.Problem(path, long.Parse(hidden, CultureInfo.InvariantCulture));
        var report = layout is null ? null : WeightMatch.Compare(path, entries, layout).Report;
        return new(path, architecture, sizes, entries.Count, entries.Sum(e => e.Shape.Aggregate(1L, (product, axis) => product * axis)),
            [.. entries.Select(e => e.Type.FileName()).Distinct().Order(StringComparer.Ordinal)], report, problem);
    }

    /// <summary>Names, shapes and types of a file or folder.</summary>
    internal static IReadOnlyList<SafetensorsDeclaration> Declarations(string path) => Directory.Exists(path) ? OfFolder(path) : OfFile(path);

    private static List<SafetensorsDeclaration> OfFile(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return [.. file.Declarations];
    }

    private static List<SafetensorsDeclaration> OfFolder(string folder)
    {
        var files = Directory.GetFiles(folder, "*.npy");
        if (files.Length == 0)
            throw new DatasetFormatException(folder, "the folder holds no npy file. Give a safetensors file, or a folder with one npy file per weight.");
        return [.. files.Order(StringComparer.Ordinal).Select(file => new SafetensorsDeclaration(
            Path.GetFileNameWithoutExtension(file), SafetensorsType.F32, [.. Npy.Read(file).Shape.Select(axis => (long)axis)]))];
    }
}
