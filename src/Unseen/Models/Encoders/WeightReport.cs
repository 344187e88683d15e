namespace Unseen.Models.Encoders;

/// <summary>A weight that is in the file with another shape or element type.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="Expected">Shape that the model needs, for example "[768, 3, 16, 16]".</param>
/// <param name="Found">Shape in the file, with the element type when that is the problem.</param>
public sealed record WeightMismatch(string Name, string Expected, string Found);

/// <summary>What a weight file has for a model: every name of either side appears in exactly one list.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Loaded">Weights of the model that the file has.</param>
/// <param name="Missing">Weights of the model that the file lacks.</param>
/// <param name="Unexpected">Names in the file that the architecture does not know.</param>
/// <param name="Mismatched">Weights with another shape or element type.</param>
/// <param name="Unused">Names in the file that belong to the architecture, but to a part that the model has no use for, such as a head.</param>
/// <param name="Renamed">What was tolerated, one sentence each: a prefix that is absent, the old names of layer norm.</param>
public sealed record WeightReport(
    string File,
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<WeightMismatch> Mismatched,
    IReadOnlyList<string> Unused,
    IReadOnlyList<string> Renamed)
{
    private const int Most = 8;

    /// <summary>True when the model is complete and the file holds nothing strange.</summary>
    public bool Fits => Missing.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    /// <summary>One line of counts, and one line with the first names of every list that tells of a problem or of tolerance.</summary>
    public override string ToString()
    {
        var lines = new List<string>
        {
            $"loaded {Loaded.Count}, missing {Missing.Count}, unexpected {Unexpected.Count}, shape mismatch {Mismatched.Count}, unused {Unused.Count}",
        };
        Add(lines, "missing", Missing);
        Add(lines, "unexpected", Unexpected);
        Add(lines, "shape mismatch", [.. Mismatched.Select(m => $"{m.Name} needs {m.Expected}, found {m.Found}")]);
        Add(lines, "unused", Unused);
        lines.AddRange(Renamed.Select(sentence => "  " + sentence));
        return string.Join('\n', lines);
    }

    private static void Add(List<string> lines, string title, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        var rest = names.Count > Most ? $" and {names.Count - Most} more" : "";
        lines.Add($"  {title}: {string.Join(", ", names.Take(Most))}{rest}");
    }
}
