using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Cvsc;
using Unseen.Models.Linear;
using static TorchSharp.torch;

namespace Unseen.Models.Msdn;

/// <summary>
/// The attention family. Attributes look at regions (DAZLE, MSDN, MSDN++), regions look at attributes (MSDN, MSDN++); each sub-net predicts
/// attributes, whose product with the class semantics gives class scores. Which parts and losses take part is told by the options. The maps
/// of all sub-nets come from one product with the regions, and no attended feature [batch, attributes, visual] is built.
/// </summary>
public sealed class MutualAttentionModel : ITrainableModel
{
    private readonly AttentionOptions options;
    private readonly AttentionParts parts;
    private readonly ScalarType productType;
    private readonly long visual;

    // State names are the checkpoint format.
    private readonly Parameter attributeVectors; // [attributes, words]
    private readonly Parameter? visualVectors;   // [attributes, words], of the visual-to-attribute sub-net; null when it shares the others
    private readonly IReadOnlyList<SubNet> nets;

    private readonly Tensor classSemantics;      // [classes, attributes], normalised as the options say
    private readonly Tensor unseenClasses;       // [unseen]
    private readonly Tensor margin;              // [classes]
    private readonly Tensor competition;         // [classes], minus infinity where a class does not compete

    private Tensor? frozen; // projections of the sub-nets that predict, stacked

    /// <summary>Creates a model from its stored tensors, or an untrained one; random numbers come from torch's global generator.</summary>
    /// <param name="options">Options of DAZLE, MSDN or MSDN++.</param>
    /// <param name="problem">Classes, attributes and features.</param>
    /// <param name="precision">Format of the products with the regions.</param>
    /// <param name="state">Tensors named as in <see cref="State"/>, or null.</param>
    public MutualAttentionModel(
        AttentionOptions options, ZslProblem problem, Precision precision = Precision.F32, IReadOnlyDictionary<string, Tensor>? state = null)
    {
        using var scope = NewDisposeScope();
        (this.options, parts) = (options, options.Parts);
        productType = precision == Precision.Bf16 ? bfloat16 : float32;
        visual = problem.Features.Visual();
        state ??= InitialState(options, problem);
        attributeVectors = StoredState.Trained(state, "attribute_vectors", problem.Semantics.Attributes, -1);
        if (HasVisualVectors(parts)) visualVectors = StoredState.Trained(state, "va_attribute_vectors", [.. attributeVectors.shape]);
        nets = SubNet.Create(parts, state, attributeVectors.shape[1], visual);
        classSemantics = ClassVectors.Create(problem, options.AttributeNormalisation).to(float32);
        unseenClasses = tensor(problem.UnseenClasses, int64);
        margin = full(problem.Classes, -options.Margin).index_fill_(0, unseenClasses, options.Margin);
        competition = zeros(problem.Classes);
        if (options.CompetingClasses == CompetingClasses.Seen) competition.index_fill_(0, unseenClasses, double.NegativeInfinity);
        foreach (var tensor in Owned) tensor.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public FeatureKind FeatureKind => FeatureKind.Regions;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Parameter Parameter)> TrainedParameters =>
        [("attribute_vectors", attributeVectors), .. visualVectors is null ? [] : new[] { ("va_attribute_vectors", visualVectors) },
            .. nets.SelectMany(net => net.Weights)];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => TrainedParameters.ToDictionary(p => p.Name, p => (Tensor)p.Parameter);

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor features)
    {
        Shape.Require(features, nameof(features), -1, -1, visual);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var outputs = Run(Predicting, features, frozen);
        var predicted = outputs.Select(o => o.Net.Share * o.Predicted).Aggregate((a, b) => a + b);                       // [batch, attributes]
        var uniform = outputs.Select(o => o.Net.Share * o.Counterfactual(CounterfactualKind.Uniform)).Aggregate((a, b) => a + b);
        var effect = predicted - uniform;
        var deciding = parts.Prediction == PredictionKind.Factual ? predicted : effect;
        var scores = deciding.mm(classSemantics.t()) + outputs.Sum(o => o.Net.Share) * margin;                           // [batch, classes]
        return new ModelOutput(scores.MoveToOuterDisposeScope(), predicted.MoveToOuterDisposeScope(), AttentionOf(outputs, "av"))
        {
            VisualAttention = AttentionOf(outputs, "va"),
            AttributeEffect = effect.MoveToOuterDisposeScope(),
            Product = new(deciding, classSemantics),
        };
    }

    /// <inheritdoc/>
    public void Freeze()
    {
        if (frozen is not null) return;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        frozen = RegionMaps.Stack([.. Predicting.SelectMany(Projections)]).to(productType).DetachFromDisposeScope();
    }

    private IReadOnlyList<SubNet> Predicting => [.. nets.Where(net => net.Share > 0)];

    /// <summary>
    /// Attribute-based visual features F_k = Σ_r A_kr f_r, for pictures and studies: large, and never needed for scoring. No gradient.
    /// </summary>
    /// <param name="features">[batch, regions, visual], 32-bit.</param>
    /// <returns>[batch, attributes, visual], or null without an attribute-to-visual sub-net.</returns>
    public Tensor? AttributeBasedFeatures(Tensor features) => Study(features, "av", attention => attention.permute(1, 0, 2).bmm(features));

    /// <summary>Visual-based attribute features a_r = Σ_k A'_kr v_k, for pictures and studies. No gradient.</summary>
    /// <param name="features">[batch, regions, visual], 32-bit.</param>
    /// <returns>[batch, regions, words], or null without a visual-to-attribute sub-net.</returns>
    public Tensor? VisualBasedFeatures(Tensor features) =>
        Study(features, "va", attention => attention.flatten(1).t().mm(Vectors(nets[^1])).view(features.shape[0], features.shape[1], -1));

    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels)
    {
        Shape.Require(features, nameof(features), -1, -1, visual);
        Shape.Require(labels, nameof(labels), features.shape[0]);
        var outputs = parts.Counterfactual == CounterfactualKind.PermutedFeatures ? Intervene(features) : Run(nets, features);
        var scores = outputs.Select(o => ClassScores(o.Predicted)).ToArray();
        var terms = outputs.Zip(scores).SelectMany(o => Terms(o.First, o.Second, labels)).ToList();
        if (outputs.Count == 2 && parts.DistillationWeight > 0) terms.AddRange(Distillation(scores[0] + margin, scores[1] + margin));
        return terms;
    }

    /// <summary>The outputs of some sub-nets as they are now, or of those that predict as they were frozen.</summary>
    private List<SubNetOutput> Run(IReadOnlyList<SubNet> active, Tensor features, Tensor? stacked = null)
    {
        stacked ??= RegionMaps.Stack([.. active.SelectMany(Projections)]);
        return Outputs(active, features.to(productType), stacked, [.. active.Select(net => (net.Weights.Count, (CounterfactualAttributes?)null))]);
    }

    /// <summary>The outputs of all sub-nets; all maps, also those of interventions on their features, come from one product.</summary>
    private List<SubNetOutput> Intervene(Tensor features)
    {
        var projections = nets.Select(Projections).ToArray();                                                            // [attributes, visual]
        var interventions = nets.Zip(projections).Select(n => n.First.CausalWeight > 0
            ? CounterfactualAttributes.Create(Counterfactual.PermuteAll, n.Second[1], features.shape[0]) : null).ToArray();
        var all = projections.Zip(interventions).Select(n => (Tensor[])[.. n.First, .. n.Second?.ExtraProjections ?? []]).ToArray();
        return Outputs(nets, features.to(productType), RegionMaps.Stack([.. all.SelectMany(p => p)]), [.. all.Select(p => p.Length).Zip(interventions)]);
    }

    private List<SubNetOutput> Outputs(
        IReadOnlyList<SubNet> active, Tensor regions, Tensor stacked, IReadOnlyList<(int Maps, CounterfactualAttributes? Intervention)> parts)
    {
        var maps = RegionMaps.Compute(regions, stacked, [.. Enumerable.Repeat(attributeVectors.shape[0], parts.Sum(p => p.Maps))]);
        var outputs = new List<SubNetOutput>();
        foreach (var (net, (count, intervention)) in active.Zip(parts))
        {
            outputs.Add(net.Forward(maps[..count], regions, intervention));
            maps = maps[count..];
        }
        return outputs;
    }

    private Tensor[] Projections(SubNet net)
    {
        var vectors = Vectors(net);
        return [.. net.Weights.Select(w => vectors.mm(w.Parameter))];
    }

    private Tensor Vectors(SubNet net)
    {
        var vectors = net.Name == "va" ? visualVectors ?? attributeVectors : attributeVectors;
        return options.NormaliseVectors ? nn.functional.normalize(vectors, dim: 1) : vectors;
    }

    /// <summary>A sub-net that is alone has nobody to share with.</summary>
    private static bool HasVisualVectors(AttentionParts parts) => !parts.SharedVectors && parts.Directions == AttentionDirections.Both;

    private Tensor? Study(Tensor features, string name, Func<Tensor, Tensor> make)
    {
        Shape.Require(features, nameof(features), -1, -1, visual);
        if (nets.FirstOrDefault(net => net.Name == name) is not { } found) return null;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        return make(Run([found], features)[0].Attention).MoveToOuterDisposeScope();
    }

    private Tensor ClassScores(Tensor predicted) => predicted.mm(classSemantics.t());                                    // without margin

    private IEnumerable<LossTerm> Terms(SubNetOutput output, Tensor scores, Tensor labels)
    {
        var net = output.Net;
        yield return new($"ce-{net.Name}", 1, nn.functional.cross_entropy(scores + competition, labels));
        if (options.SelfCalibrationWeight > 0 && unseenClasses.shape[0] > 0)
            yield return new($"cal-{net.Name}", options.SelfCalibrationWeight,
                SelfCalibrationLoss.Compute(scores + margin, unseenClasses, options.SelfCalibrationOverBatch));
        if (parts.RegressionWeight > 0)
            yield return new($"ar-{net.Name}", parts.RegressionWeight,
                AttributeRegressionLoss.Compute(output.Predicted, classSemantics.index_select(0, labels)));
        if (net.CausalWeight > 0)
            yield return new($"cau-{net.Name}", net.CausalWeight,
                CausalEffectLoss.Compute(scores, CounterfactualScores(output), labels, competition));
    }

    private Tensor CounterfactualScores(SubNetOutput output)
    {
        var scores = ClassScores(output.Counterfactual(parts.Counterfactual));
        return parts.DetachCounterfactual ? scores.detach() : scores;
    }

    private LossTerm[] Distillation(Tensor attributeScores, Tensor visualScores) =>
    [
        new("dis-distance", parts.DistillationWeight, parts.DistillationNorm == DistillationNorm.CodeCubic
            ? DistillationLoss.WeightedCubic(attributeScores, visualScores)
            : DistillationLoss.Euclidean(attributeScores, visualScores)),
        new("dis-js", parts.DistillationWeight, DistillationLoss.JensenShannon(attributeScores, visualScores)),
    ];

    private static Tensor? AttentionOf(IReadOnlyList<SubNetOutput> outputs, string net) =>
        outputs.FirstOrDefault(o => o.Net.Name == net)?.Attention.permute(1, 0, 2).MoveToOuterDisposeScope();

    private static Dictionary<string, Tensor> InitialState(AttentionOptions options, ZslProblem problem)
    {
        var vectors = AttributeVectors.Create(problem, options.ZeroRows, options.RandomVectors);
        var state = new Dictionary<string, Tensor> { ["attribute_vectors"] = vectors };
        if (HasVisualVectors(options.Parts)) state["va_attribute_vectors"] = vectors;
        foreach (var (name, value) in SubNet.InitialWeights(options.Parts, vectors.shape[1], problem.Features.Visual(), options.InitialDeviation))
            state[name] = value;
        return state;
    }

    private IEnumerable<Tensor> Owned =>
        [.. TrainedParameters.Select(p => (Tensor)p.Parameter), classSemantics, unseenClasses, margin, competition];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Owned) tensor.Dispose();
        frozen?.Dispose();
    }
}
