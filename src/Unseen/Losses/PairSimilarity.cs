using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>Cosine similarities of all pairs of a batch [batch, batch], the input of the metric losses.</summary>
public static class PairSimilarity
{
    private const double Epsilon = 1e-12;

    /// <summary>Cosines of embeddings.</summary>
    /// <param name="embeddings">[batch, hidden].</param>
    public static Tensor Cosine(Tensor embeddings)
    {
        Shape.Require(embeddings, nameof(embeddings), -1, -1);
        var unit = nn.functional.normalize(embeddings, dim: 1);
        return unit.mm(unit.t());
    }

    /// <summary>
    /// Cosines of [h_i ; a_yᵢ], embeddings with the semantics of their own class appended (MLIS, section 3.1), without appending: with the
    /// Gram matrix G of the class semantics they are (h_i·h_j + G[y_i, y_j]) / (n_i n_j), n_i² = ‖h_i‖² + G[y_i, y_i].
    /// </summary>
    /// <param name="embeddings">h [batch, hidden].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="gram">Products of the class semantics [classes, classes], computed once.</param>
    public static Tensor ImplicitSemantics(Tensor embeddings, Tensor labels, Tensor gram)
    {
        Shape.Require(embeddings, nameof(embeddings), -1, -1);
        Shape.Require(labels, nameof(labels), embeddings.shape[0]);
        Shape.Require(gram, nameof(gram), gram.shape[0], gram.shape[0]);
        var semantic = gram.index_select(0, labels).index_select(1, labels);                   // [batch, batch]
        var norm = (embeddings.square().sum(1) + semantic.diagonal()).clamp_min(Epsilon).sqrt();
        return (embeddings.mm(embeddings.t()) + semantic) / (norm.unsqueeze(1) * norm.unsqueeze(0));
    }

    /// <summary>True for pairs of the same class, without an image and itself; and for pairs of different classes [batch, batch].</summary>
    internal static (Tensor Positive, Tensor Negative) Pairs(Tensor similarity, Tensor labels)
    {
        Shape.Require(similarity, nameof(similarity), -1, similarity.shape[0]);
        Shape.Require(labels, nameof(labels), similarity.shape[0]);
        var same = labels.unsqueeze(1).eq(labels.unsqueeze(0));
        return (same.logical_and(eye(labels.shape[0], dtype: ScalarType.Bool).logical_not()), same.logical_not());
    }

    /// <summary>Log-sum-exp of every row over some of its entries; about -1e9 where there is none, with zero gradient.</summary>
    internal static Tensor MaskedLogSumExp(Tensor values, Tensor mask) => values.masked_fill(mask.logical_not(), -1e9).logsumexp(1);
}
