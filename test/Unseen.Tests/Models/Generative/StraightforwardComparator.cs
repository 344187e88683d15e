using Unseen.Models.Generative.CeGzsl;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>The class-level loss of CE-GZSL as written: every image concatenated with every class.</summary>
internal sealed class StraightforwardComparator
{
    private readonly Tensor first, firstBias, second;
    private readonly long inputs;

    private StraightforwardComparator(Dictionary<string, Tensor> weights)
    {
        inputs = weights["comparator/hidden/weight"].shape[0];
        first = Leaf(cat([weights["comparator/hidden/weight"], weights["comparator/hidden/semantic_weight"]]));
        firstBias = Leaf(weights["comparator/hidden/bias"]);
        second = Leaf(weights["comparator/output_weight"].unsqueeze(1));
    }

    public static StraightforwardComparator Of(ClassComparator comparator) =>
        new(comparator.Parameters.ToDictionary(p => p.Name, p => (Tensor)p.Parameter));

    public Tensor CrossEntropy(Tensor h, Tensor classVectors, Tensor labels, double temperature)
    {
        var (batch, classes) = (h.shape[0], classVectors.shape[0]);
        var pairs = cat([h.unsqueeze(1).expand(batch, classes, -1), classVectors.unsqueeze(0).expand(batch, classes, -1)], 2);
        var scores = nn.functional.leaky_relu(pairs.reshape(batch * classes, -1).mm(first) + firstBias, 0.2).mm(second);
        return nn.functional.cross_entropy(scores.reshape(batch, classes) / temperature, labels);
    }

    public Tensor Gradient(string name) => name switch
    {
        "comparator/hidden/weight" => first.grad!.narrow(0, 0, inputs),
        "comparator/hidden/semantic_weight" => first.grad!.narrow(0, inputs, first.shape[0] - inputs),
        "comparator/hidden/bias" => firstBias.grad!,
        _ => second.grad!.squeeze(1),
    };

    private static Tensor Leaf(Tensor tensor) => tensor.detach().clone().requires_grad_();
}
