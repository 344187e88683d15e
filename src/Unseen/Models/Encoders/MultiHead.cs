using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>Attention with several heads (Vaswani et al., NIPS 2017, section 3.2): softmax(QKᵀ/√width + mask)V in each head.</summary>
internal static class MultiHead
{
    /// <summary>Attends and joins the heads.</summary>
    /// <param name="queries">[batch, queries, hidden].</param>
    /// <param name="keys">[batch, keys, hidden].</param>
    /// <param name="values">[batch, keys, hidden].</param>
    /// <param name="heads">Heads, a divisor of hidden.</param>
    /// <param name="mask">Added to the scores, a shape that broadcasts to [batch, heads, queries, keys]; or null.</param>
    /// <param name="dropout">Share of the attention that is dropped; 0 outside of training.</param>
    /// <returns>[batch, queries, hidden].</returns>
    /// <exception cref="ShapeException">The shapes do not belong together: libtorch itself might end the process.</exception>
    public static Tensor Attend(Tensor queries, Tensor keys, Tensor values, long heads, Tensor? mask = null, double dropout = 0)
    {
        Shape.Require(queries, nameof(queries), -1, -1, -1);
        var (batch, hidden) = (queries.shape[0], queries.shape[2]);
        Shape.Require(keys, nameof(keys), batch, -1, hidden);
        Shape.Require(values, nameof(values), batch, keys.shape[1], hidden);
        if (hidden % heads != 0) throw new ShapeException($"{heads} heads do not divide a width of {hidden}.");
        RequireMask(mask, [batch, heads, queries.shape[1], keys.shape[1]]);
        var attended = nn.functional.scaled_dot_product_attention(
            Split(queries, heads), Split(keys, heads), Split(values, heads), mask!, dropout);      // [batch, heads, queries, width]
        return attended.transpose(1, 2).reshape(batch, -1, hidden);
    }

    private static Tensor Split(Tensor x, long heads) => x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2);

    private static void RequireMask(Tensor? mask, ReadOnlySpan<long> scores)
    {
        if (mask is null) return;
        var fits = mask.dim() == 4;
        for (var axis = 0; fits && axis < 4; axis++) fits = mask.shape[axis] == 1 || mask.shape[axis] == scores[axis];
        if (!fits) throw new ShapeException($"'mask' must broadcast to {Shape.Text(scores)}, found {Shape.Text(mask.shape)}.");
    }
}
