using System.Numerics.Tensors;
using Unseen.Experiments;
using Unseen.Semantics;

namespace Unseen.Classification;

/// <summary>The class vectors of a model: names of attributes, scale, filling of gaps, similarity.</summary>
internal sealed class ClassVectorTable(ModelRecord record)
{
    /// <summary>
    /// Two classes with this cosine are reported as similar. Of the 127 classes of CUB-127, 1 in 8 has a nearest class beyond it.
    /// </summary>
    public const double SimilarFrom = 0.95;

    private const double EquallyNear = 1e-9;
    private const int MostErrors = 20;

    private readonly Dictionary<string, int> columnOf = record.Attributes.Index().ToDictionary(a => a.Item.Name, a => a.Index, StringComparer.Ordinal);

    /// <summary>Factor from 0..1 to the scale of the class values.</summary>
    public double Factor => record.Scale.Divisor();

    /// <summary>Column of an attribute, or -1.</summary>
    public int ColumnOf(string attribute) => columnOf.GetValueOrDefault(attribute, -1);

    /// <summary>Values in the model's scale, NaN where nothing is given, of values 0..1 by name.</summary>
    /// <exception cref="ConfigurationException">An attribute is unknown or its value out of range; every problem is named, at most 20.</exception>
    public float[] FromUnit(IReadOnlyDictionary<string, float> attributes)
    {
        var values = Enumerable.Repeat(float.NaN, record.Attributes.Count).ToArray();
        var (errors, more) = (new List<string>(), 0);
        foreach (var (name, value) in attributes)
        {
            if (errors.Count == MostErrors) more++;
            else if (ColumnOf(name) is var column && column < 0) errors.Add(UnknownAttribute(name));
            else if (!float.IsFinite(value)) errors.Add(FormattableString.Invariant($"Attribute '{name}' must be a finite number, found {value}."));
            else if (record.Scale != AttributeScale.Raw && value is < 0 or > 1)
                errors.Add(FormattableString.Invariant($"Attribute '{name}' must be from 0 to 1, found {value}."));
            else values[column] = (float)(value * Factor);
        }
        if (more > 0) errors.Add($"The {more} attributes after these were not looked at.");
        return errors.Count == 0 ? values : throw new ConfigurationException(errors);
    }

    /// <summary>Sentence for an attribute that the model does not know.</summary>
    public string UnknownAttribute(string name) => $"The model has no attribute '{NearestName.Shown(name)}'."
        + (NearestName.Find(name, columnOf.Keys) is { } nearest
            ? $" Did you mean '{nearest}'?"
            : $" It has {columnOf.Count}, among them {string.Join(", ", columnOf.Keys.Take(5))}.");

    /// <summary>Fills the gaps (NaN) of values; returns where they come from.</summary>
    public IReadOnlyList<string> Fill(float[] values, MissingAttributes missing)
    {
        if (!values.Any(float.IsNaN)) return [];
        var sources = Sources(values, missing);
        for (var a = 0; a < values.Length; a++)
            if (float.IsNaN(values[a])) values[a] = (float)sources.Average(c => (double)c.Values[a]);
        return missing.IsMean ? ["mean of all classes"] : [.. sources.Select(c => c.Name)];
    }

    /// <summary>Classes with a cosine of at least <see cref="SimilarFrom"/> to a vector, nearest first.</summary>
    public IReadOnlyList<SimilarClass> Similar(string name, IReadOnlyList<float> values) =>
        [.. Others(name, values).Where(s => s.Cosine >= SimilarFrom).OrderByDescending(s => s.Cosine)];

    /// <summary>All other classes by their cosine to a vector, nearest first.</summary>
    public IEnumerable<SimilarClass> Nearest(string name, IReadOnlyList<float> values) => Others(name, values).OrderByDescending(s => s.Cosine);

    private IEnumerable<SimilarClass> Others(string name, IReadOnlyList<float> values)
    {
        var vector = AsArray(values);
        var length = (double)TensorPrimitives.Norm<float>(vector);
        return record.Classes.Where(c => c.Name != name).Select(c => new SimilarClass(c.Name, Cosine(vector, length, AsArray(c.Values))) { Seen = c.Seen });
    }

    private static float[] AsArray(IReadOnlyList<float> values) => values as float[] ?? [.. values];

    private static double Cosine(float[] a, double length, float[] b)
    {
        var lengths = length * TensorPrimitives.Norm<float>(b);
        return lengths == 0 ? 0 : TensorPrimitives.Dot<float>(a, b) / lengths;
    }

    private IReadOnlyList<ModelClass> Sources(float[] values, MissingAttributes missing)
    {
        if (missing.IsMean) return record.Classes;
        if (missing.Class is { } name)
            return [record.FindClass(name) ?? throw ClassNames.Unknown(name, record.Classes)];
        var given = Enumerable.Range(0, values.Length).Where(a => !float.IsNaN(values[a])).ToArray();
        var distances = record.Classes.Select(c => (Class: c, Distance: given.Sum(a => Math.Pow((c.Values[a] - values[a]) / Factor, 2)))).ToList();
        var least = distances.Min(d => d.Distance);
        return [.. distances.Where(d => d.Distance <= least + EquallyNear).Select(d => d.Class)];
    }
}
