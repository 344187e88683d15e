using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>
/// Word embeddings of the small text encoder before training. Attribute word vectors are sums over the words of the attribute, so single words
/// are the least-squares solution of these sums, reduced to the width of a token by their principal axes. Words of no attribute are random.
/// </summary>
internal static class WordEmbeddings
{
    private const double Deviation = 0.1, Ridge = 1e-2;

    /// <summary>The table [vocabulary, width]; the caller owns it.</summary>
    /// <param name="tokenizer">Words and their ids.</param>
    /// <param name="attributes">Attributes with their phrases.</param>
    /// <param name="vectors">Word vectors [attributes, words], or null: all words are random.</param>
    /// <param name="width">Width of a token.</param>
    public static Tensor Create(IPromptTokenizer tokenizer, IReadOnlyList<AttributeEntry> attributes, float[,]? vectors, int width)
    {
        using var scope = NewDisposeScope();
        var table = randn(tokenizer.Count, width) * Deviation;
        if (vectors is null || vectors.GetLength(0) != attributes.Count) return table.MoveToOuterDisposeScope();
        var counts = Counts(tokenizer, attributes);
        var known = counts.sum(0, keepdim: false, type: float32).gt(0).nonzero().squeeze(1);        // ids of words of attributes
        var solved = Reduce(Solve(counts.index_select(1, known), tensor(vectors)), width);
        return table.index_copy_(0, known, solved).MoveToOuterDisposeScope();
    }

    /// <summary>How often each word occurs in each phrase [attributes, vocabulary].</summary>
    private static Tensor Counts(IPromptTokenizer tokenizer, IReadOnlyList<AttributeEntry> attributes)
    {
        var counts = new float[attributes.Count, tokenizer.Count];
        var padding = tokenizer.Special("[PAD]");
        foreach (var (row, attribute) in attributes.Index())
            foreach (var id in tokenizer.Encode(attribute.Phrase).Where(id => id > padding))
                counts[row, id]++;
        return tensor(counts);
    }

    /// <summary>(CᵀC + ridge)⁻¹ CᵀV [words, word vector].</summary>
    private static Tensor Solve(Tensor counts, Tensor vectors)
    {
        var gram = counts.t().mm(counts) + Ridge * eye(counts.shape[1]);
        return linalg.solve(gram, counts.t().mm(vectors));
    }

    /// <summary>Principal axes, as many as fit, with the deviation of the random words.</summary>
    private static Tensor Reduce(Tensor words, int width)
    {
        var (u, s, _) = linalg.svd(words - words.mean([0], keepdim: true), fullMatrices: false);
        var kept = (int)Math.Min(width, s.shape[0]);
        var reduced = nn.functional.pad(u.narrow(1, 0, kept) * s.narrow(0, 0, kept), [0, width - kept]);
        return reduced * (Deviation / reduced.square().mean().sqrt().clamp_min(1e-12));
    }
}
