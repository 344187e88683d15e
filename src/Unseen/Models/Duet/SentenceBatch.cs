using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>Sentences as tensors, padded to the longest of them.</summary>
/// <param name="Tokens">Ids [sentences, tokens], int64.</param>
/// <param name="Mask">1 for a token, 0 for padding [sentences, tokens], int64.</param>
/// <param name="Places">Where the tokens of the target stand [sentences, target], int64; short ones repeat their last place.</param>
/// <param name="Target">Ids of the target [sentences, target], int64; short ones repeat their last token.</param>
/// <param name="Weights">1 for a token of the target, 0 for a repeated one, and for all of a sentence without a target [sentences, target].</param>
internal sealed record SentenceBatch(Tensor Tokens, Tensor Mask, Tensor Places, Tensor Target, Tensor Weights)
{
    /// <summary>Makes the tensors, in the dispose scope of the caller.</summary>
    public static SentenceBatch Of(IReadOnlyList<Sentence> sentences, int padding)
    {
        var (length, width) = (sentences.Max(s => s.Tokens.Length), sentences.Max(s => s.Target.Length));
        var (tokens, mask) = (new long[sentences.Count, length], new long[sentences.Count, length]);
        var (places, target) = (new long[sentences.Count, width], new long[sentences.Count, width]);
        var weights = new float[sentences.Count, width];
        for (var row = 0; row < sentences.Count; row++)
        {
            var sentence = sentences[row];
            for (var t = 0; t < length; t++)
                (tokens[row, t], mask[row, t]) = t < sentence.Tokens.Length ? (sentence.Tokens[t], 1) : (padding, 0);
            for (var t = 0; t < width; t++)
            {
                var inside = Math.Min(t, sentence.Target.Length - 1);
                (places[row, t], target[row, t], weights[row, t]) = inside < 0 ? (0, padding, 0) // a sentence without a target
                    : (sentence.Place + inside, sentence.Target[inside], t == inside ? 1 : 0);
            }
        }
        return new(tensor(tokens), tensor(mask), tensor(places), tensor(target), tensor(weights));
    }
}
