using System.Text.Json.Serialization;
using Unseen.Evaluation;
using Unseen.Features;
using Unseen.Reports;
using Unseen.Semantics;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>Content of model.json: everything about a trained model that is not a learned tensor.</summary>
public sealed record ModelRecord
{
    /// <summary>Version of this format.</summary>
    public int Format { get; init; } = CurrentFormat;

    internal const int CurrentFormat = 1;

    /// <summary>SHA-256 of the tensors in model.safetensors; null in models of earlier versions.</summary>
    public string? TensorsSha256 { get; init; }

    /// <summary>Identifier of the method.</summary>
    public required string Method { get; init; }

    /// <summary>Options of the method, as YAML.</summary>
    public required string Options { get; init; }

    /// <summary>Number format of the large products.</summary>
    public Precision Precision { get; init; }

    /// <summary>What was chosen: epochs or settings, gamma raw and as quantile.</summary>
    public required Selection Selection { get; init; }

    /// <summary>Scale on which gamma acts.</summary>
    public required GammaScale GammaScale { get; init; }

    /// <summary>Dataset, protocol, seed and versions.</summary>
    public required IReadOnlyDictionary<string, string> Provenance { get; init; }

    /// <summary>Test figures.</summary>
    public required ReportMetrics Metrics { get; init; }

    /// <summary>Classes in the order of the scores.</summary>
    public required IReadOnlyList<ModelClass> Classes { get; init; }

    /// <summary>The class of a name, or null. A letter with an accent is the same whether it is one character or the letter with a mark behind it.</summary>
    public ModelClass? FindClass(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return FindClass(name, Classes);
    }

    /// <summary>The class of a name among some.</summary>
    internal static ModelClass? FindClass(string name, IReadOnlyList<ModelClass> classes)
    {
        if (classes.FirstOrDefault(c => c.Name == name) is { } same) return same;
        var composed = ComposedText.Of(name);
        return classes.FirstOrDefault(c => ComposedText.Of(c.Name) == composed);
    }

    /// <summary>Changes of the classes since training: as many lines of classes-history.jsonl are valid.</summary>
    public int ClassChanges { get; init; }

    /// <summary>The seen classes as they were at training, once one of them was changed or removed or another was added; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ModelClass>? SeenAtTraining { get; init; }

    /// <summary>Attributes in the order of the class values.</summary>
    public required IReadOnlyList<AttributeDescription> Attributes { get; init; }

    /// <summary>Scale of the class values.</summary>
    public required AttributeScale Scale { get; init; }

    /// <summary>Values of a class as people are shown them: 0..1, or as they are when the scale is raw; rounded to 6 digits.</summary>
    /// <param name="values">Values in the scale of the class values, one per attribute.</param>
    public IReadOnlyList<double> UnitValues(IReadOnlyList<float> values) => [.. values.Select(v => Math.Round(v / (double)Scale.Divisor(), 6))];

    /// <summary>Grid of the regions, or null.</summary>
    public required FeatureGrid? Grid { get; init; }

    /// <summary>Weights of the backbones' regions when they are joined; empty when they are equal.</summary>
    public IReadOnlyList<double> FeatureWeights { get; init; } = [];

    /// <summary>Backbones in the order in which their features are concatenated; none when the model reads pictures itself.</summary>
    public required IReadOnlyList<ModelBackbone> Backbones { get; init; }

    /// <summary>How the model reads pictures itself, with a vision encoder that was trained along; null when it reads features.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelPictures? Pictures { get; init; }
}

/// <summary>A class of a model.</summary>
/// <param name="Name">Class name.</param>
/// <param name="Seen">True when it had training images.</param>
/// <param name="Values">Original attribute values.</param>
public sealed record ModelClass(string Name, bool Seen, IReadOnlyList<float> Values);

/// <summary>An attribute of a model.</summary>
public sealed record AttributeDescription(string Name, string Group, string Phrase, IReadOnlyList<string> Parts);

/// <summary>A backbone of a model.</summary>
/// <param name="Description">What it is and gives, preprocessing included.</param>
/// <param name="File">File below the model folder, or null when it was gone at training time.</param>
public sealed record ModelBackbone(BackboneDescription Description, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? File = null);
