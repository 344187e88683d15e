using static TorchSharp.torch;

namespace Unseen.Models.Msdn;

/// <summary>Attention that carries no information about its image, in place of the one that was learned.</summary>
internal static class CounterfactualAttention
{
    private const double SmallestGap = 1e-6;

    /// <summary>Ā [attributes, batch, regions], or of a shape that broadcasts to it; draws come from torch's global generator.</summary>
    /// <param name="kind">Which counterfactual.</param>
    /// <param name="attention">Attention A [attributes, batch, regions].</param>
    /// <param name="logits">The map whose softmax A is.</param>
    /// <param name="axis">Axis along which A sums to 1.</param>
    public static Tensor Create(CounterfactualKind kind, Tensor attention, Tensor logits, int axis) => kind switch
    {
        CounterfactualKind.Random => rand(attention.shape).mul_(2.0 / attention.shape[axis]),
        CounterfactualKind.Uniform => Uniform(attention, axis),
        CounterfactualKind.Shuffle => attention.index_select(1, randperm(attention.shape[1])),
        CounterfactualKind.ShuffleRegions => attention.index_select(1, randperm(attention.shape[1])).index_select(2, randperm(attention.shape[2])),
        CounterfactualKind.Reversed => Reverse(attention, axis),
        CounterfactualKind.Negated => (-logits).softmax(axis),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This counterfactual is no attention."),
    };

    /// <summary>1/N, [1, 1, 1].</summary>
    public static Tensor Uniform(Tensor attention, int axis) => full([1, 1, 1], 1.0f / attention.shape[axis]);

    /// <summary>The gap keeps the sum above 0: the reverse of uniform attention is uniform.</summary>
    private static Tensor Reverse(Tensor attention, int axis)
    {
        var rest = attention.amax([axis], keepdim: true) - attention + SmallestGap;
        return rest / rest.sum([axis], keepdim: true);
    }
}
