using TorchSharp.Modules;
using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>A linear softmax classifier on features, trained by cross-entropy.</summary>
internal sealed class SoftmaxClassifier : ITrainable
{
    private readonly Dense layer;
    private readonly string name;
    private readonly long inputs;

    public SoftmaxClassifier(string name, long inputs, long classes, double deviation)
    {
        layer = new Dense(name, inputs, classes, deviation, Precision.F32);
        (this.name, this.inputs) = (name, inputs);
    }

    public FeatureKind FeatureKind => FeatureKind.Global;

    public IReadOnlyList<(string Name, Parameter Parameter)> TrainedParameters => [.. layer.Parameters];

    /// <summary>Class scores before the softmax [batch, classes].</summary>
    public Tensor Scores(Tensor features, bool frozen = false) => layer.Forward(features, frozen);

    public IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels, int part)
    {
        Shape.Require(features, nameof(features), -1, inputs);
        return [new(name, 1, nn.functional.cross_entropy(Scores(features), labels))];
    }

    public void Dispose() => layer.Dispose();
}
