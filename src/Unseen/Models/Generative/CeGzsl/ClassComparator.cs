using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Generative.CeGzsl;

/// <summary>
/// F(h, a): (h‖a) → hidden, leaky ReLU → score, for every pair of an image and a class, and the cross-entropy over classes (CE-GZSL, Eq. 6).
/// Instead of [batch·classes] concatenated rows there are two small products, W_h h and W_a a + b, and a kernel that adds them pair by pair.
/// Neither the pairs nor their hidden values are ever stored: the gradient of the cross-entropy is known, so the kernel finds the gradients
/// of both products at once. An output bias would cancel in the softmax and is left out.
/// </summary>
internal sealed class ClassComparator : IDisposable
{
    private readonly ConditionalDense hidden;
    private readonly Parameter outputWeight;  // [hidden]

    public ClassComparator(long inputs, long attributes, long width, double deviation, Precision precision)
    {
        hidden = new ConditionalDense("comparator/hidden", inputs, attributes, width, deviation, precision);
        outputWeight = Layer.Normal(deviation, width);
    }

    public IEnumerable<(string Name, Parameter Parameter)> Parameters => [.. hidden.Parameters, ("comparator/output_weight", outputWeight)];

    /// <summary>Mean over the batch of -log softmax(F(h, ·)/τ) at the label.</summary>
    /// <param name="h">[batch, inputs].</param>
    /// <param name="classVectors">[classes, attributes].</param>
    /// <param name="labels">Rows of <paramref name="classVectors"/> [batch], int64.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="frozen">No gradient reaches the weights.</param>
    public Tensor CrossEntropy(Tensor h, Tensor classVectors, Tensor labels, double temperature, bool frozen)
    {
        var (image, @class, weight) = (hidden.Input(h, frozen), hidden.Table(classVectors, frozen), Layer.Use(outputWeight, frozen));
        var (value, gradients) = ValueAndGradients(image, @class, weight, labels, temperature);
        // Linear in the three tensors with the true gradients as factors: its value cancels, its derivative stays.
        var linear = (image * gradients.Image).sum() + (@class * gradients.Class).sum() + (weight * gradients.Weight).sum();
        return value + linear - linear.detach();
    }

    private static (Tensor Value, (Tensor Image, Tensor Class, Tensor Weight) Gradients) ValueAndGradients(
        Tensor image, Tensor @class, Tensor weight, Tensor labels, double temperature)
    {
        using var constants = no_grad();
        var pairs = new LeakyPairs(image, @class, weight, Layer.Slope);
        var logits = pairs.Scores() / temperature;                                             // [batch, classes]
        var value = nn.functional.cross_entropy(logits, labels);
        var error = logits.softmax(1) - nn.functional.one_hot(labels, logits.shape[1]);
        return (value, pairs.Gradients(error / (temperature * labels.shape[0])));
    }

    public void Dispose()
    {
        hidden.Dispose();
        outputWeight.Dispose();
    }
}
