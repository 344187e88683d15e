using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Linear;
using static TorchSharp.torch;

namespace Unseen.Models.Compatibility;

/// <summary>
/// The bilinear compatibility of ALE, SJE and DeViSE. A batch is scored against all seen classes by two matrix products, and the gradient of
/// any ranking loss is two more: Xᵀ (coefficients) Z.
/// </summary>
internal sealed class CompatibilityModel : ITrainableModel
{
    private readonly CompatibilityOptions options;
    private readonly GlobalFeatures features;
    private readonly Parameter weight;     // [visual, attributes]
    private readonly Tensor classVectors;  // [classes, attributes]
    private readonly Tensor seenVectors;   // [seen, attributes]
    private readonly Tensor seenColumn;    // [classes], column of a class among the seen ones

    /// <summary>Creates a model from its stored tensors, or an untrained one; mean and deviation of features come from the training images then.</summary>
    public CompatibilityModel(CompatibilityOptions options, LinearSetting setting, ZslProblem problem, IReadOnlyDictionary<string, Tensor>? state)
    {
        using var scope = NewDisposeScope();
        this.options = options;
        var (visual, attributes) = (problem.Features.Visual(), problem.Semantics.Attributes);
        features = state is null
            ? GlobalFeatures.Create(setting.Features, problem, CancellationToken.None)
            : GlobalFeatures.Load(setting.Features, problem, state);
        weight = state is null ? new Parameter(randn(visual, attributes) * options.InitialDeviation) : StoredState.Trained(state, "weight", visual, attributes);
        classVectors = ClassVectors.Create(problem, setting.Attributes).to(float32);
        var seen = tensor(problem.SeenClasses, int64);
        seenVectors = classVectors.index_select(0, seen);
        seenColumn = zeros(problem.Classes, int64).index_copy_(0, seen, arange(seen.shape[0], int64));
        foreach (var tensor in (Tensor[])[weight, classVectors, seenVectors, seenColumn]) tensor.DetachFromDisposeScope();
    }

    /// <summary>The normalisations to try.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Grid(CompatibilityOptions options) =>
        [.. from features in options.FeatureNormalisations
            from attributes in options.AttributeNormalisations
            select new Dictionary<string, string>
            {
                ["featureNormalisation"] = features.ToString(),
                ["attributeNormalisation"] = attributes.ToString(),
            }];

    /// <summary>The model of one point of the grid.</summary>
    public static CompatibilityModel Create(
        CompatibilityOptions options, IReadOnlyDictionary<string, string> settings, ZslProblem problem, IReadOnlyDictionary<string, Tensor>? state) =>
        new(options, new LinearSetting(
            StoredState.Member<FeatureNormalisation>(settings, "featureNormalisation"),
            StoredState.Member<AttributeNormalisation>(settings, "attributeNormalisation")), problem, state);

    public FeatureKind FeatureKind => FeatureKind.Global;

    public IReadOnlyList<(string Name, Parameter Parameter)> TrainedParameters => [("weight", weight)];

    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>(features.State) { ["weight"] = weight };

    public ModelOutput Forward(Tensor raw)
    {
        Shape.Require(raw, "features", -1, weight.shape[0]);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var predicted = features.Normalise(raw).mm(weight);                                   // [batch, attributes]
        return new ModelOutput(predicted.mm(classVectors.t()).MoveToOuterDisposeScope(), predicted.MoveToOuterDisposeScope(), null)
        {
            Product = new(predicted, classVectors),
        };
    }

    public IReadOnlyList<LossTerm> Losses(Tensor raw, Tensor labels)
    {
        Shape.Require(raw, "features", -1, weight.shape[0]);
        Shape.Require(labels, nameof(labels), raw.shape[0]);
        var scores = features.Normalise(raw).mm(weight).mm(seenVectors.t());                  // [batch, seen]
        return [options.Loss(scores, seenColumn.index_select(0, labels))];
    }

    public void Dispose()
    {
        features.Dispose();
        foreach (var tensor in (Tensor[])[weight, classVectors, seenVectors, seenColumn]) tensor.Dispose();
    }
}
