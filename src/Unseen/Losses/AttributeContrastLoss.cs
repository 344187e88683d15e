using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Contrast of attributes (DUET, AAAI 2023, Eq. 15): the same attribute in a picture of another class against other attributes of the prompt in
/// pictures of similar classes.
/// </summary>
public static class AttributeContrastLoss
{
    /// <summary>Eq. 15 with the form of Eq. 10: cosines over τ, mean over the images.</summary>
    /// <param name="attributes">a [images, hidden].</param>
    /// <param name="positives">a+ [images, hidden].</param>
    /// <param name="negatives">a- [images, negatives, hidden].</param>
    /// <param name="weights">Min(z_a, z_a+) [images].</param>
    /// <param name="temperature">τ.</param>
    public static Tensor Paper(Tensor attributes, Tensor positives, Tensor negatives, Tensor weights, double temperature) =>
        (weights * Contrast(nn.functional.normalize(attributes, dim: 1), nn.functional.normalize(positives, dim: 1),
            nn.functional.normalize(negatives, dim: 2), weights, temperature)).mean();

    /// <summary>The authors' code: products as they are, without a temperature, summed over the batch.</summary>
    /// <param name="attributes">a [images, hidden].</param>
    /// <param name="positives">a+ [images, hidden].</param>
    /// <param name="negatives">a- [images, negatives, hidden].</param>
    /// <param name="weights">Min(z_a, z_a+) [images].</param>
    public static Tensor Code(Tensor attributes, Tensor positives, Tensor negatives, Tensor weights) =>
        (weights * Contrast(attributes, positives, negatives, weights, 1)).sum();

    private static Tensor Contrast(Tensor attributes, Tensor positives, Tensor negatives, Tensor weights, double temperature)
    {
        Shape.Require(attributes, nameof(attributes), -1, -1);
        Shape.Require(positives, nameof(positives), attributes.shape);
        Shape.Require(negatives, nameof(negatives), attributes.shape[0], -1, attributes.shape[1]);
        Shape.Require(weights, nameof(weights), attributes.shape[0]);
        var positive = (attributes * positives).sum(1) / temperature;                               // [images]
        var others = negatives.bmm(attributes.unsqueeze(2)).squeeze(2) / temperature;               // [images, negatives]
        return cat([positive.unsqueeze(1), others], 1).logsumexp(1) - positive;
    }
}
