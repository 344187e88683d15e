using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>Reconstruction of masked attributes from picture and sentence (DUET, AAAI 2023, Eq. 5).</summary>
public static class AttributeReconstructionLoss
{
    private const double CodeFactor = 3;

    /// <summary>Eq. 5: mean over images of z_a times minus the summed log-probabilities of the masked tokens.</summary>
    /// <param name="scores">Scores of the vocabulary at the masked places [images, places, vocabulary].</param>
    /// <param name="tokens">Ids that stood there [images, places], int64.</param>
    /// <param name="weights">1 for a place, 0 for one that does not count [images, places].</param>
    /// <param name="degrees">z_a, how much the class has of the attribute [images].</param>
    public static Tensor Paper(Tensor scores, Tensor tokens, Tensor weights, Tensor degrees)
    {
        Shape.Require(weights, nameof(weights), tokens.shape);
        return (degrees * (PerToken(scores, tokens, degrees) * weights).sum(1)).mean();
    }

    /// <summary>
    /// The authors' code: the mean over all tokens of the padded sentence, masked or not, three times z_a, summed over the batch.
    /// </summary>
    /// <param name="scores">Scores of the vocabulary at all places [images, tokens, vocabulary].</param>
    /// <param name="tokens">Ids of the sentence without a mask [images, tokens], int64.</param>
    /// <param name="degrees">z_a [images].</param>
    public static Tensor Code(Tensor scores, Tensor tokens, Tensor degrees) => CodeFactor * (degrees * PerToken(scores, tokens, degrees).mean([1])).sum();

    private static Tensor PerToken(Tensor scores, Tensor tokens, Tensor degrees)
    {
        Shape.Require(tokens, nameof(tokens), -1, -1);
        Shape.Require(scores, nameof(scores), tokens.shape[0], tokens.shape[1], -1);
        Shape.Require(degrees, nameof(degrees), tokens.shape[0]);
        return nn.functional.cross_entropy(scores.flatten(0, 1), tokens.flatten(), reduction: nn.Reduction.None).view(tokens.shape);
    }
}
