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
        Classes = ScoredClasses.Of(record);
        var source = ModelFolder.Problem(record).Features;
        RowShape = model.FeatureKind == FeatureKind.Regions ? [source.Regions, source.Visual()] : [source.Visual()];
        model.Freeze();
    }

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
        using var scope = NewDisposeScope();
        var batch = empty([features.Count, .. RowShape], device: CPU);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (var i = 0; i < features.Count; i++) features[i].CopyTo(values[(i * features[i].Length)..]);
        var scores = model.Forward(batch.to(ComputeDevice.Current)).ClassScores.cpu();
        Shape.Require(scores, "class scores", features.Count, Classes.Entries.Count);
        return [.. scores.contiguous().data<float>().ToArray().Chunk(Classes.Entries.Count)];
    }

    public void Dispose() => model.Dispose();
}
