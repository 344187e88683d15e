using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models.Cvsc;

/// <summary>
/// CVsC: attribute vectors attend to image regions (Eq. 1-2), the attended features give attribute scores (Eq. 3), their product with the
/// class semantics gives class scores (Eq. 4); conditional correlation and counterfactual interventions shape the training (Eq. 6-11).
/// </summary>
public sealed class CvscModel : ITrainableModel
{
    private readonly CvscOptions options;
    private readonly ScalarType productType;

    // State names are the checkpoint format.
    private readonly Parameter attributeVectors; // [attributes, words]
    private readonly Parameter attentionWeight;  // [words, visual], W_q
    private readonly Parameter scoreWeight;      // [words, visual], W_sv

    private readonly Tensor classSemantics;      // [classes, attributes], rows L2-normalised
    private readonly Tensor classAttributes;     // [classes, attributes], 0..1
    private readonly Tensor unseenClasses;       // [unseen]
    private readonly Tensor margin;              // [classes]
    private readonly Tensor attributeMean;       // [attributes], over the seen classes
    private readonly Tensor attributeDeviation;  // [attributes]

    private Tensor? frozen; // both projections, stacked

    /// <summary>Creates a model from its stored tensors, or an untrained one; random numbers come from torch's global generator.</summary>
    /// <param name="options">Options of the method.</param>
    /// <param name="problem">Classes, attributes and features.</param>
    /// <param name="precision">Format of the products with the regions.</param>
    /// <param name="state">Tensors named as in <see cref="State"/>, or null.</param>
    public CvscModel(
        CvscOptions options, ZslProblem problem, Precision precision = Precision.F32, IReadOnlyDictionary<string, Tensor>? state = null)
    {
        using var scope = NewDisposeScope();
        this.options = options;
        state ??= InitialState(options, problem);
        productType = precision == Precision.Bf16 ? bfloat16 : float32;
        attributeVectors = StoredState.Trained(state, "attribute_vectors", problem.Semantics.Attributes, -1);
        var (words, visual) = (attributeVectors.shape[1], problem.Features.Visual());
        attentionWeight = StoredState.Trained(state, "attention_weight", words, visual);
        scoreWeight = StoredState.Trained(state, "score_weight", words, visual);
        classAttributes = tensor(problem.Semantics.Values) / problem.Semantics.Divisor;
        classSemantics = nn.functional.normalize(classAttributes, dim: 1);
        unseenClasses = tensor(problem.UnseenClasses, int64);
        margin = zeros(problem.Classes).index_fill_(0, unseenClasses, options.UnseenMargin);
        var seen = classAttributes[tensor(problem.SeenClasses, int64)];
        attributeMean = seen.mean([0]);
        attributeDeviation = (seen.var(0, unbiased: false) + 1e-5).sqrt();
        Detach(attributeVectors, attentionWeight, scoreWeight, classAttributes, classSemantics, unseenClasses, margin, attributeMean, attributeDeviation);
    }

    /// <inheritdoc/>
    public FeatureKind FeatureKind => FeatureKind.Regions;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Parameter Parameter)> TrainedParameters =>
        [("attribute_vectors", attributeVectors), ("attention_weight", attentionWeight), ("score_weight", scoreWeight)];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => TrainedParameters.ToDictionary(p => p.Name, p => (Tensor)p.Parameter);

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor features)
    {
        Shape.Require(features, nameof(features), -1, -1, attentionWeight.shape[1]);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var maps = RegionMaps.Compute(features.to(productType), frozen ?? StackedProjections(), [attributeVectors.shape[0], attributeVectors.shape[0]]);
        var attention = maps[0].softmax(-1);
        var predicted = RegionMaps.Attend(attention, maps[1]);                                           // [batch, attributes]
        var uniform = RegionMaps.Attend(full([1, 1, 1], 1.0f / attention.shape[2]), maps[1]);
        var scores = predicted.mm(classSemantics.t()) + margin;                                          // [batch, classes]
        return new ModelOutput(
            scores.MoveToOuterDisposeScope(), predicted.MoveToOuterDisposeScope(), attention.permute(1, 0, 2).MoveToOuterDisposeScope())
        {
            AttributeEffect = (predicted - uniform).MoveToOuterDisposeScope(),
            Product = new(predicted, classSemantics),
        };
    }

    /// <inheritdoc/>
    public void Freeze()
    {
        if (frozen is not null) return;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        frozen = StackedProjections().to(productType).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels)
    {
        Shape.Require(features, nameof(features), -1, -1, attentionWeight.shape[1]);
        Shape.Require(labels, nameof(labels), features.shape[0]);
        var (predicted, counterfactual) = Predict(features.to(productType));
        var scores = predicted.mm(classSemantics.t());                                        // [batch, classes], without margin
        var target = classAttributes.index_select(0, labels);                                 // [batch, attributes]
        var terms = new List<LossTerm>
        {
            new("ce", options.CrossEntropyWeight, nn.functional.cross_entropy(scores, labels)),
        };
        if (options.SelfCalibrationWeight > 0 && unseenClasses.shape[0] > 0)
            terms.Add(new("cal", options.SelfCalibrationWeight,
                SelfCalibrationLoss.Compute(scores + margin, unseenClasses, options.SelfCalibrationOverBatch)));
        if (options.CclWeight > 0)
            terms.Add(new("ccl", options.CclWeight, ConditionalCorrelation(predicted, counterfactual, target)));
        if (options.SciWeight > 0)
            terms.Add(new("sci", options.SciWeight, SemanticIntervention(predicted, counterfactual!, target)));
        if (options.TciWeight > 0)
            terms.Add(new("tci", options.TciWeight,
                CausalEffectLoss.Compute(scores, counterfactual!.mm(classSemantics.t()), labels)));           // Eq. 10-11
        return terms;
    }

    /// <summary>Predicted attributes s and counterfactual attributes s̄ of a batch; s̄ is null when no active term needs it.</summary>
    internal (Tensor Predicted, Tensor? Counterfactual) Predict(Tensor regions)
    {
        var (attentionProjection, scoreProjection) = Projections();
        if (!NeedsCounterfactual)
        {
            var plain = RegionMaps.Compute(regions, attentionProjection, scoreProjection);
            return (RegionMaps.Attend(plain[0].softmax(-1), plain[1]), null);
        }
        var intervention = CounterfactualAttributes.Create(options.Counterfactual, scoreProjection, regions.shape[0]);
        var maps = RegionMaps.Compute(regions, [attentionProjection, scoreProjection, .. intervention.ExtraProjections]);
        var attention = maps[0].softmax(-1);                                                  // [attributes, batch, regions]
        return (RegionMaps.Attend(attention, maps[1]), intervention.Compute(attention, maps, regions));
    }

    private bool NeedsCounterfactual => options.SciWeight > 0 || options.TciWeight > 0 ||
        (options.CclWeight > 0 && options.CclNormalisation == CvscNormalisation.BatchNorm);

    private (Tensor Attention, Tensor Score) Projections()
    {
        var vectors = nn.functional.normalize(attributeVectors, dim: 1);                      // [attributes, words]
        return (vectors.mm(attentionWeight), vectors.mm(scoreWeight));                        // [attributes, visual]
    }

    private Tensor StackedProjections()
    {
        var (attention, score) = Projections();
        return RegionMaps.Stack([attention, score]);
    }

    private Tensor ConditionalCorrelation(Tensor predicted, Tensor? counterfactual, Tensor target)
    {
        var (s, t) = options.CclNormalisation switch
        {
            CvscNormalisation.None => (predicted, target),
            CvscNormalisation.BatchNorm => (StandardisePair(predicted, counterfactual!).Predicted, BatchStandardisation.Compute(target)),
            _ => (BatchStandardisation.Compute(predicted), (target - attributeMean) / attributeDeviation),
        };
        return options.LossForm == CvscLossForm.Paper
            ? ConditionalCorrelationLoss.Paper(s, t, predicted, target, options.CclDeficitWeight)
            : ConditionalCorrelationLoss.Code(s, t, predicted, target, options.CclDeficitWeight);
    }

    private Tensor SemanticIntervention(Tensor predicted, Tensor counterfactual, Tensor target)
    {
        if (options.LossForm == CvscLossForm.Paper)
            return SemanticInterventionLoss.Paper(predicted, counterfactual, target, options.SciEffectWeight);
        var (s, without) = StandardisePair(predicted, counterfactual);
        return SemanticInterventionLoss.Code(s, without, BatchStandardisation.Compute(target), options.SciEffectWeight);
    }

    /// <summary>The authors' code standardises predictions and counterfactual predictions together, as one block of 2·batch rows.</summary>
    private static (Tensor Predicted, Tensor Counterfactual) StandardisePair(Tensor predicted, Tensor counterfactual)
    {
        var both = BatchStandardisation.Compute(cat([predicted, counterfactual])).chunk(2);
        return (both[0], both[1]);
    }

    private static Dictionary<string, Tensor> InitialState(CvscOptions options, ZslProblem problem)
    {
        var vectors = AttributeVectors.Create(problem, options.ZeroRows);
        var visual = problem.Features.Visual();
        return new Dictionary<string, Tensor>
        {
            ["attribute_vectors"] = vectors,
            ["attention_weight"] = randn(vectors.shape[1], visual) * options.InitialDeviation,
            ["score_weight"] = randn(vectors.shape[1], visual) * options.InitialDeviation,
        };
    }

    private static void Detach(params Tensor[] tensors)
    {
        foreach (var tensor in tensors) tensor.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[attributeVectors, attentionWeight, scoreWeight, classAttributes, classSemantics, unseenClasses,
            margin, attributeMean, attributeDeviation])
            tensor.Dispose();
        frozen?.Dispose();
    }
}
