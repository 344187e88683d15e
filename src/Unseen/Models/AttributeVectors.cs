using Unseen.Data;
using Unseen.Models.Cvsc;
using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>Attribute vectors where there are no words (sentence embeddings, no attribute names); their width is 300.</summary>
public enum RandomVectors
{
    /// <summary>Random directions of length 1.</summary>
    Unit,

    /// <summary>Standard normal entries, so about 17 long (codes of DAZLE and MSDN).</summary>
    Normal,
}

/// <summary>Initial attribute vectors of the attention methods.</summary>
public static class AttributeVectors
{
    private const int DefaultWidth = 300;

    /// <summary>
    /// L2-normalised word vectors [attributes, words]. Without word vectors (sentence embeddings, no attribute names) rows are random, of width 300.
    /// </summary>
    /// <param name="problem">Attributes and word vectors.</param>
    /// <param name="zeroRows">What replaces a zero word vector.</param>
    /// <param name="random">What the rows are where there are no word vectors.</param>
    public static Tensor Create(ZslProblem problem, ZeroRowPolicy zeroRows, RandomVectors random = RandomVectors.Unit)
    {
        using var scope = NewDisposeScope();
        return Rows(problem, zeroRows, random).MoveToOuterDisposeScope();
    }

    private static Tensor Rows(ZslProblem problem, ZeroRowPolicy zeroRows, RandomVectors random)
    {
        var attributes = problem.Semantics.Attributes;
        if (problem.WordVectors is not { } words || words.GetLength(0) != attributes)
        {
            var drawn = randn(attributes, DefaultWidth);
            return random == RandomVectors.Normal ? drawn : nn.functional.normalize(drawn, dim: 1);
        }
        var vectors = nn.functional.normalize(tensor(words), dim: 1);
        for (var attribute = 0; attribute < attributes; attribute++)
            if (vectors[attribute].count_nonzero().item<long>() == 0) Replace(vectors, attribute, problem, zeroRows);
        return vectors;
    }

    private static void Replace(Tensor vectors, int attribute, ZslProblem problem, ZeroRowPolicy policy)
    {
        if (policy == ZeroRowPolicy.Keep) return;
        var group = problem.Attributes.Select((a, i) => (a.Group, Index: (long)i))
            .Where(a => a.Group == problem.Attributes[attribute].Group && a.Index != attribute).Select(a => a.Index).ToArray();
        var mean = policy == ZeroRowPolicy.MeanOfGroup && group.Length > 0 ? vectors.index_select(0, tensor(group)).mean([0]) : null;
        var row = mean is not null && mean.count_nonzero().item<long>() > 0 ? mean : randn(vectors.shape[1]);
        vectors[attribute] = nn.functional.normalize(row, dim: 0);
    }
}
