using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Contrast of classes with one companion per image, as in DUET (AAAI 2023, Eq. 9-10): minus the log-softmax of the cosine with the companion among
/// those with the images of other classes. Another image of the class is no negative.
/// </summary>
public static class ClassContrastLoss
{
    /// <summary>Eq. 9-10: mean over the images; images and companions are negatives of other classes.</summary>
    /// <param name="images">Embeddings [batch, hidden].</param>
    /// <param name="companions">Embeddings of another image of each class [batch, hidden].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="temperature">τ.</param>
    public static Tensor Paper(Tensor images, Tensor companions, Tensor labels, double temperature)
    {
        var (positive, all, same) = Similarities(images, companions, labels, temperature);
        var batch = images.shape[0];
        var negatives = all.narrow(0, 0, batch).masked_fill(same.narrow(0, 0, batch), double.NegativeInfinity);
        return (cat([positive.narrow(0, 0, batch).unsqueeze(1), negatives], 1).logsumexp(1) - positive.narrow(0, 0, batch)).mean();
    }

    /// <summary>The authors' code: companions are anchors too, and other images of the class stay in the sum with a similarity of 0.</summary>
    /// <param name="images">Embeddings [batch, hidden].</param>
    /// <param name="companions">Embeddings of another image of each class [batch, hidden].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    /// <param name="temperature">τ.</param>
    public static Tensor Code(Tensor images, Tensor companions, Tensor labels, double temperature)
    {
        var (positive, all, same) = Similarities(images, companions, labels, temperature);
        var self = eye(all.shape[0], dtype: ScalarType.Bool);
        var companion = self.roll(images.shape[0], 0);
        var others = all.masked_fill(same, 0).masked_fill(self.logical_or(companion), double.NegativeInfinity);
        return (cat([positive.unsqueeze(1), others], 1).logsumexp(1) - positive).mean();
    }

    /// <summary>Of images and companions, one below the other: with the companion, with all, and whether the classes are the same.</summary>
    private static (Tensor Positive, Tensor All, Tensor Same) Similarities(Tensor images, Tensor companions, Tensor labels, double temperature)
    {
        Shape.Require(images, nameof(images), -1, -1);
        Shape.Require(companions, nameof(companions), images.shape);
        Shape.Require(labels, nameof(labels), images.shape[0]);
        var unit = nn.functional.normalize(cat([images, companions]), dim: 1);
        var twice = cat([labels, labels]);
        var positive = (unit * unit.roll(images.shape[0], 0)).sum(1) / temperature;
        return (positive, unit.mm(unit.t()) / temperature, twice.unsqueeze(1).eq(twice.unsqueeze(0)));
    }
}
