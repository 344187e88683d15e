using System.Runtime.InteropServices;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Classification;

/// <summary>The classes of a model with what turns their scores into probabilities.</summary>
/// <param name="Entries">Classes in the order of the scores.</param>
/// <param name="Gamma">Subtracted from the scores of seen classes.</param>
/// <param name="Temperature">T of the softmax.</param>
internal sealed record ScoredClasses(IReadOnlyList<ModelClass> Entries, double Gamma, double Temperature)
{
    public static ScoredClasses Of(ModelRecord record) =>
        new(record.Classes, record.Selection.Gamma, record.Selection.Validation?.Temperature ?? 1);
}

/// <summary>A model over joined features with its classes; not thread-safe.</summary>
internal sealed class ScoringModel : IDisposable
{
    private readonly IZslModel model;

    private ScoringModel(IZslModel model, ModelRecord record)
    {
        this.model = model;
        (Record, Classes) = (record, ScoredClasses.Of(record));
        var source = ModelFolder.Problem(record).Features;
        RowShape = model.FeatureKind switch
        {
            FeatureKind.Regions => [source.Regions, source.Visual()],
            FeatureKind.Pixels => [source.Pictures!.InputLength],
            _ => [source.Visual()],
        };
        using var pause = CollectionPause.Begin();
        model.Freeze();
    }

    public ModelRecord Record { get; }

    public ScoredClasses Classes { get; }

    public FeatureKind FeatureKind => model.FeatureKind;

    /// <summary>Shape of the features of one picture.</summary>
    public IReadOnlyList<long> RowShape { get; }

    public static ScoringModel Load(string modelDirectory, ModelRecord record)
    {
        using var scope = NewDisposeScope();
        return new(ModelFolder.Load(modelDirectory, record), record);
    }

    /// <summary>A model with the same weights and other classes.</summary>
    public ScoringModel WithClasses(ModelRecord record)
    {
        using var scope = NewDisposeScope();
        return new(ModelFolder.Create(record, model.State), record);
    }

    /// <summary>Class scores of some pictures; one array per picture.</summary>
    public float[][] Score(IReadOnlyList<float[]> features)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        return [.. Values(Forward(features).ClassScores).Chunk(Classes.Entries.Count)];
    }

    /// <summary>All that a model says about one picture.</summary>
    public ModelStatement State(float[] features)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        var output = Forward([features]);
        return new(Values(output.ClassScores), output.Product is { } product
            ? new(Values(product.Attributes), Values(product.ClassVectors).Chunk((int)product.ClassVectors.shape[1]).ToArray(),
                output.AttributeEffect is { } effect ? Values(effect) : null, Rows(output.Attention), Rows(output.VisualAttention))
            : null)
        {
            Prompted = Prompted([features]),
        };
    }

    private static float[][]? Rows(Tensor? map) => map is null ? null : [.. Values(map).Chunk((int)map.shape[2])];

    private float[]? Prompted(IReadOnlyList<float[]> features) =>
        model is IPromptedModel prompted && prompted.PromptedAttributes(Batch(features)) is { } answers ? Values(answers) : null;

    private Tensor Batch(IReadOnlyList<float[]> features)
    {
        var batch = empty([features.Count, .. RowShape], device: CPU);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (var i = 0; i < features.Count; i++) features[i].CopyTo(values[(i * features[i].Length)..]);
        return batch.to(ComputeDevice.Current);
    }

    private ModelOutput Forward(IReadOnlyList<float[]> features)
    {
        var output = model.Forward(Batch(features));
        Shape.Require(output.ClassScores, "class scores", features.Count, Classes.Entries.Count);
        return output;
    }

    private static float[] Values(Tensor tensor) => tensor.to(float32).cpu().contiguous().data<float>().ToArray();

    public void Dispose() => model.Dispose();
}

/// <summary>What a model says about one picture.</summary>
/// <param name="Scores">Class scores.</param>
/// <param name="Attributes">How they come from attributes, or null when they do not.</param>
internal sealed record ModelStatement(float[] Scores, AttributeStatement? Attributes)
{
    /// <summary>How strongly each attribute answers the prompt of its group [attributes], or null when the model reads no prompts.</summary>
    public float[]? Prompted { get; init; }
}

/// <summary>How the scores of one picture come from attributes (<see cref="AttributeProduct"/>).</summary>
/// <param name="Values">a [attributes].</param>
/// <param name="ClassVectors">z [classes][attributes].</param>
/// <param name="Effect">What attention adds to each attribute [attributes], or null.</param>
/// <param name="Attention">Attention of attributes over regions [attributes][regions], or null.</param>
/// <param name="VisualAttention">Attention of regions over attributes [attributes][regions], or null.</param>
internal sealed record AttributeStatement(float[] Values, float[][] ClassVectors, float[]? Effect, float[][]? Attention, float[][]? VisualAttention = null);
