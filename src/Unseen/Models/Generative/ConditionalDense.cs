using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>
/// A fully connected layer on (x‖a), a vector and the semantics of a class, in two blocks: W[x;a] + b = W_x x + (W_a a + b). The second
/// part depends on the class alone, so it is computed once per class and gathered, and the concatenation is never built.
/// </summary>
internal sealed class ConditionalDense : IDisposable
{
    private readonly string name;
    private readonly ScalarType type;
    private readonly Parameter weight;          // [inputs, outputs]
    private readonly Parameter semanticWeight;  // [attributes, outputs]
    private readonly Parameter bias;            // [outputs]

    public ConditionalDense(string name, long inputs, long attributes, long outputs, double deviation, Precision precision)
    {
        (this.name, type) = (name, Product.TypeOf(precision));
        weight = Layer.Normal(deviation, inputs, outputs);
        semanticWeight = Layer.Normal(deviation, attributes, outputs);
        bias = Layer.Normal(0, outputs);
    }

    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        [($"{name}/weight", weight), ($"{name}/semantic_weight", semanticWeight), ($"{name}/bias", bias)];

    /// <summary>W_x x [batch, outputs].</summary>
    public Tensor Input(Tensor x, bool frozen = false) => Product.Of(x, Layer.Use(weight, frozen), type);

    /// <summary>W_a a + b for the label of every row [batch, outputs].</summary>
    /// <param name="classVectors">Semantics of all classes [classes, attributes].</param>
    /// <param name="labels">[batch], int64.</param>
    /// <param name="frozen">No gradient reaches the weights.</param>
    public Tensor Condition(Tensor classVectors, Tensor labels, bool frozen = false) => labels.shape[0] < classVectors.shape[0]
        ? Table(classVectors.index_select(0, labels), frozen)
        : Table(classVectors, frozen).index_select(0, labels);

    /// <summary>W_a a + b for every row of class vectors [classes, outputs].</summary>
    public Tensor Table(Tensor classVectors, bool frozen = false) =>
        Product.Of(classVectors, Layer.Use(semanticWeight, frozen), type) + Layer.Use(bias, frozen);

    /// <summary>v W_xᵀ [batch, inputs]: what a gradient v at the output is at x.</summary>
    public Tensor Backward(Tensor v) => Product.Of(v, weight.t(), type);

    public void Dispose()
    {
        weight.Dispose();
        semanticWeight.Dispose();
        bias.Dispose();
    }
}
