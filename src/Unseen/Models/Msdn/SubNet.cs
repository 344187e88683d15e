using TorchSharp.Modules;
using Unseen.Models.Cvsc;
using static TorchSharp.torch;

namespace Unseen.Models.Msdn;

/// <summary>
/// One direction of attention. It owns weights [words, visual], each of which becomes one map of the attributes over the regions, and turns
/// the maps into attention and predicted attributes.
/// </summary>
internal abstract class SubNet(string name, int axis, double share, double causalWeight)
{
    /// <summary>"av" or "va": prefix of its tensors, suffix of its loss terms.</summary>
    public string Name => name;

    /// <summary>Axis of the map along which attention sums to 1.</summary>
    public int Axis => axis;

    /// <summary>Share in the prediction.</summary>
    public double Share => share;

    /// <summary>Weight of its causal effect loss.</summary>
    public double CausalWeight => causalWeight;

    /// <summary>Weights by name, in the order of the maps; the first gives the attention.</summary>
    public required IReadOnlyList<(string Name, Parameter Parameter)> Weights { get; init; }

    /// <summary>Predicted attributes [batch, attributes] under any attention.</summary>
    /// <param name="attention">[attributes, batch, regions], or of a shape that broadcasts to it.</param>
    /// <param name="maps">Maps of the weights [attributes, batch, regions].</param>
    public abstract Tensor Predict(Tensor attention, ReadOnlySpan<Tensor> maps);

    /// <summary>Attention and prediction of a batch.</summary>
    /// <param name="maps">Maps of the weights, then those of the intervention, [attributes, batch, regions].</param>
    /// <param name="regions">[batch, regions, visual].</param>
    /// <param name="intervention">Counterfactual that needs maps of its own, or null.</param>
    public SubNetOutput Forward(Tensor[] maps, Tensor regions, CounterfactualAttributes? intervention)
    {
        var attention = maps[0].softmax(axis);
        var predicted = Predict(attention, maps.AsSpan(0, Weights.Count));
        return new SubNetOutput(this, maps, attention, predicted, intervention?.Compute(attention, maps, regions));
    }

    /// <summary>The sub-nets of a model, from its stored tensors.</summary>
    public static IReadOnlyList<SubNet> Create(AttentionParts parts, IReadOnlyDictionary<string, Tensor> state, long words, long visual)
    {
        var nets = new List<SubNet>();
        if (parts.Directions != AttentionDirections.VisualToAttribute)
            nets.Add(new AttributeToVisual(parts) { Weights = Take("av", AttributeToVisual.WeightNames(parts)) });
        if (parts.Directions != AttentionDirections.AttributeToVisual)
            nets.Add(new VisualToAttribute(parts) { Weights = Take("va", VisualToAttribute.WeightNames(parts)) });
        return nets;

        (string, Parameter)[] Take(string prefix, IEnumerable<string> names) =>
            [.. names.Select(n => ($"{prefix}_{n}", StoredState.Trained(state, $"{prefix}_{n}", words, visual)))];
    }

    /// <summary>Initial weights by name: those of the scores are random, with the second sub-net's deviation 0 in the authors' codes, all others 0.</summary>
    public static IEnumerable<(string Name, Tensor Value)> InitialWeights(AttentionParts parts, long words, long visual, double deviation)
    {
        if (parts.Directions != AttentionDirections.VisualToAttribute)
            foreach (var name in AttributeToVisual.WeightNames(parts)) yield return ($"av_{name}", Initial(name, deviation));
        if (parts.Directions != AttentionDirections.AttributeToVisual)
            foreach (var name in VisualToAttribute.WeightNames(parts)) yield return ($"va_{name}", Initial(name, parts.VisualInitialDeviation));

        Tensor Initial(string name, double scale) =>
            name == "score_weight" && scale > 0 ? randn(words, visual) * scale : zeros(words, visual);
    }
}

/// <summary>What one sub-net makes of a batch.</summary>
/// <param name="Net">The sub-net.</param>
/// <param name="Maps">Its maps, then those of the intervention, [attributes, batch, regions].</param>
/// <param name="Attention">[attributes, batch, regions].</param>
/// <param name="Predicted">Predicted attributes [batch, attributes].</param>
/// <param name="PermutedFeatures">Attributes predicted from permuted features [batch, attributes], or null where they were not asked for.</param>
internal sealed record SubNetOutput(SubNet Net, Tensor[] Maps, Tensor Attention, Tensor Predicted, Tensor? PermutedFeatures)
{
    /// <summary>Predicted attributes [batch, attributes] of a counterfactual; draws come from torch's global generator.</summary>
    public Tensor Counterfactual(CounterfactualKind kind) => kind == CounterfactualKind.PermutedFeatures
        ? PermutedFeatures!
        : Net.Predict(CounterfactualAttention.Create(kind, Attention, Maps[0], Net.Axis), Maps.AsSpan(0, Net.Weights.Count));
}

/// <summary>Attributes look at regions: A = softmax over regions, s_k = Σ_r A_kr S_kr, times DAZLE's gate if there is one.</summary>
internal sealed class AttributeToVisual(AttentionParts parts) : SubNet("av", axis: 2, parts.AttributeShare, parts.AttributeCausalWeight)
{
    public static IEnumerable<string> WeightNames(AttentionParts parts) =>
        parts.Gate ? ["attention_weight", "score_weight", "gate_weight"] : ["attention_weight", "score_weight"];

    public override Tensor Predict(Tensor attention, ReadOnlySpan<Tensor> maps)
    {
        var scores = RegionMaps.Attend(attention, maps[1]);
        return maps.Length < 3 ? scores : scores * RegionMaps.Attend(attention, maps[2]).sigmoid();
    }
}

/// <summary>Regions look at attributes: A' = softmax over attributes; how scores come back to the attributes is the head.</summary>
internal sealed class VisualToAttribute(AttentionParts parts) : SubNet("va", axis: 0, parts.VisualShare, parts.VisualCausalWeight)
{
    public static IEnumerable<string> WeightNames(AttentionParts parts) => parts.VisualHead == VisualHead.Code
        ? ["attention_weight", "score_weight"] : ["attention_weight", "score_weight", "affinity_weight"];

    public override Tensor Predict(Tensor attention, ReadOnlySpan<Tensor> maps)
    {
        if (maps.Length < 3) return RegionMaps.Attend(attention, maps[1]);
        var regionScores = (attention * maps[1]).sum([0L], keepdim: true);                    // [1, batch, regions]
        return RegionMaps.Attend(maps[2].softmax(2), regionScores);
    }
}
