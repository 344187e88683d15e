using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>A fully connected layer x·W + b. State names are the checkpoint format.</summary>
internal sealed class Dense : IDisposable
{
    private readonly string name;
    private readonly ScalarType type;
    private readonly Parameter weight;  // [inputs, outputs]
    private readonly Parameter bias;    // [outputs]

    /// <summary>A new layer: normal weights from torch's global generator, no bias.</summary>
    public Dense(string name, long inputs, long outputs, double deviation, Precision precision)
    {
        (this.name, type) = (name, Product.TypeOf(precision));
        weight = Layer.Normal(deviation, inputs, outputs);
        bias = Layer.Normal(0, outputs);
    }

    public IEnumerable<(string Name, Parameter Parameter)> Parameters => [($"{name}/weight", weight), ($"{name}/bias", bias)];

    /// <summary>Output [batch, outputs].</summary>
    /// <param name="x">[batch, inputs].</param>
    /// <param name="frozen">No gradient reaches the weights; it still reaches <paramref name="x"/>.</param>
    public Tensor Forward(Tensor x, bool frozen = false) =>
        Product.Of(x, Layer.Use(weight, frozen), type) + Layer.Use(bias, frozen);

    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
    }
}

/// <summary>What the layers have in common.</summary>
internal static class Layer
{
    /// <summary>Slope of the leaky ReLUs for negative values (authors' codes).</summary>
    public const double Slope = 0.2;

    /// <summary>A parameter of normal numbers, outside of all dispose scopes.</summary>
    public static Parameter Normal(double deviation, params long[] sizes)
    {
        using var scope = NewDisposeScope();
        var values = deviation == 0 ? zeros(sizes) : randn(sizes) * deviation;
        var parameter = new Parameter(values.detach().clone());
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>The parameter, or its value without a way for gradients.</summary>
    public static Tensor Use(Parameter parameter, bool frozen) => frozen ? parameter.detach() : parameter;

    public static Tensor LeakyRelu(Tensor x) => nn.functional.leaky_relu(x, Slope);
}
