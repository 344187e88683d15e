using System.Globalization;
using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>Shapes of a file by name, to ask for sizes that may not be there.</summary>
/// <param name="entries">What the file has.</param>
internal sealed class WeightShapes(IEnumerable<SafetensorsDeclaration> entries)
{
    private readonly Dictionary<string, IReadOnlyList<long>> shapes = entries.ToDictionary(e => e.Name, e => e.Shape, StringComparer.Ordinal);

    public IEnumerable<string> Names => shapes.Keys;

    /// <summary>The shapes of a safetensors file.</summary>
    /// <exception cref="DatasetFormatException">The file cannot be read.</exception>
    public static WeightShapes OfFile(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return new(file.Declarations);
    }

    /// <summary>The shapes of tensors held by name.</summary>
    public static WeightShapes Of(IReadOnlyDictionary<string, Tensor> state) =>
        new(state.Select(s => new SafetensorsDeclaration(s.Key, SafetensorsType.F32, s.Value.shape)));

    public bool Has(string name) => shapes.ContainsKey(name);

    /// <summary>The prefix when names have it, else "" (a bare encoder); null when the name is there in neither form.</summary>
    public string? PrefixOf(string prefix, string name) => Has(prefix + name) ? prefix : Has(name) ? "" : null;

    /// <summary>Length of an axis, 0 when there is no such tensor or axis.</summary>
    public long Axis(string name, int axis) => shapes.TryGetValue(name, out var shape) && axis < shape.Count ? shape[axis] : 0;

    /// <summary>How many different whole numbers follow a beginning; never more than there are names.</summary>
    public long Count(string beginning) => shapes.Keys.Where(n => n.StartsWith(beginning, StringComparison.Ordinal))
        .Select(n => n[beginning.Length..].Split('.', 2)[0]).Where(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Distinct(StringComparer.Ordinal).LongCount();
}
