using Unseen.Data.Formats;

namespace Unseen.Models.Encoders;

/// <summary>Compares what a file has with what a model needs; looks at names, shapes and types only.</summary>
internal sealed class WeightMatch
{
    private readonly WeightLayout layout;
    private readonly Dictionary<string, SafetensorsDeclaration> found = new(StringComparer.Ordinal); // by the model's name
    private readonly List<string> unexpected = [], unused = [];
    private int withoutPrefix, oldNames;

    private WeightMatch(WeightLayout layout, IEnumerable<SafetensorsDeclaration> file)
    {
        this.layout = layout;
        foreach (var entry in file.OrderBy(e => e.Name, StringComparer.Ordinal)) Place(entry);
    }

    /// <summary>The report, and the file's name of every weight it has.</summary>
    public static (WeightReport Report, IReadOnlyDictionary<string, string> Names) Compare(
        string path, IEnumerable<SafetensorsDeclaration> file, WeightLayout layout)
    {
        var match = new WeightMatch(layout, file);
        return (match.Report(path), match.found.ToDictionary(f => f.Key, f => f.Value.Name));
    }

    private void Place(SafetensorsDeclaration entry)
    {
        var name = ModelName(entry.Name);
        if (layout.Contains(name) && found.TryAdd(name, entry))
        {
            if (layout.Prefix.Length > 0 && name.StartsWith(layout.Prefix, StringComparison.Ordinal)
                && !entry.Name.StartsWith(layout.Prefix, StringComparison.Ordinal)) withoutPrefix++;
            if (Modern(entry.Name) != entry.Name) oldNames++;
        }
        else if (layout.IsUnused(name) || layout.IsUnused(layout.Prefix + name)) unused.Add(entry.Name);
        else unexpected.Add(entry.Name);
    }

    /// <summary>The name as it is, or with today's names of layer norm, or with the prefix that files of the bare encoder lack.</summary>
    private string ModelName(string name)
    {
        if (layout.Contains(name)) return name;
        var modern = Modern(name);
        return layout.Contains(layout.Prefix + modern) ? layout.Prefix + modern : modern;
    }

    private static string Modern(string name) =>
        name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal) ? name[..^"gamma".Length] + "weight"
        : name.EndsWith("LayerNorm.beta", StringComparison.Ordinal) ? name[..^"beta".Length] + "bias"
        : name;

    private WeightReport Report(string path)
    {
        List<string> loaded = [], missing = [];
        List<WeightMismatch> mismatched = [];
        foreach (var weight in layout.Weights)
            if (!found.TryGetValue(weight.Name, out var entry)) missing.Add(weight.Name);
            else if (Mismatch(weight, entry) is { } mismatch) mismatched.Add(mismatch);
            else loaded.Add(weight.Name);
        return new(path, loaded, missing, unexpected, mismatched, unused, Tolerated());
    }

    private static WeightMismatch? Mismatch(WeightDeclaration weight, SafetensorsDeclaration entry)
    {
        var (needed, stored) = (Shape.Text(weight.Shape), Shape.Text([.. entry.Shape]));
        if (needed != stored) return new(weight.Name, needed, stored);
        return entry.Type is SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.F32 or SafetensorsType.F64
            ? null : new(weight.Name, needed + " of a float type", $"{stored} {entry.Type.FileName()}");
    }

    private List<string> Tolerated()
    {
        var sentences = new List<string>();
        if (withoutPrefix > 0) sentences.Add($"{withoutPrefix} names lack the prefix '{layout.Prefix}': a file of the bare encoder.");
        if (oldNames > 0) sentences.Add($"{oldNames} names use gamma and beta, the old names of layer norm's weight and bias.");
        return sentences;
    }
}
