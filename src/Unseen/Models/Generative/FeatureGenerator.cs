using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>G: (noise‖a) → hidden, leaky ReLU → feature, ReLU. Makes features of the classes that vectors describe.</summary>
internal sealed class FeatureGenerator : IDisposable
{
    private readonly long noiseWidth;
    private readonly ConditionalDense hidden;
    private readonly Dense output;

    public FeatureGenerator(GenerativeOptions options, long attributes, long visual, Precision precision)
    {
        noiseWidth = options.NoiseWidth == 0 ? attributes : options.NoiseWidth;
        hidden = new ConditionalDense("generator/hidden", noiseWidth, attributes, options.GeneratorWidth, options.InitialDeviation, precision);
        output = new Dense("generator/output", options.GeneratorWidth, visual, options.InitialDeviation, precision);
    }

    public IEnumerable<(string Name, Parameter Parameter)> Parameters => [.. hidden.Parameters, .. output.Parameters];

    /// <summary>One feature per label [batch, visual], at least 0; noise from torch's global generator.</summary>
    /// <param name="classVectors">[classes, attributes].</param>
    /// <param name="labels">[batch], int64.</param>
    public Tensor Generate(Tensor classVectors, Tensor labels)
    {
        var noise = randn(labels.shape[0], noiseWidth);
        var inner = Layer.LeakyRelu(hidden.Input(noise) + hidden.Condition(classVectors, labels));   // [batch, hidden]
        return output.Forward(inner).relu();                                                         // [batch, visual]
    }

    public void Dispose()
    {
        hidden.Dispose();
        output.Dispose();
    }
}
