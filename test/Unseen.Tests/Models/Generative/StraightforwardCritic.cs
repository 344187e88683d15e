using TorchSharp.Modules;
using Unseen.Models.Generative;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>
/// A critic as public codes write it: concatenate, two layers, and the gradient penalty by differentiating the gradient. Numerical oracle of
/// the closed form, and its opponent in speed.
/// </summary>
internal sealed class StraightforwardCritic
{
    private readonly Parameter first, firstBias, second, secondBias;
    private readonly long visual;

    private StraightforwardCritic(Dictionary<string, Tensor> weights)
    {
        visual = weights["critic/hidden/weight"].shape[0];
        first = Leaf(cat([weights["critic/hidden/weight"], weights["critic/hidden/semantic_weight"]]));
        firstBias = Leaf(weights["critic/hidden/bias"]);
        second = Leaf(weights["critic/output_weight"].unsqueeze(1));
        secondBias = Leaf(weights["critic/output_bias"]);
    }

    public static StraightforwardCritic Of(FeatureCritic critic) => new(critic.Parameters.ToDictionary(p => p.Name, p => (Tensor)p.Parameter));

    public IEnumerable<Parameter> Weights => [first, firstBias, second, secondBias];

    public Tensor Score(Tensor x, Tensor semantics) =>
        nn.functional.leaky_relu(cat([x, semantics], 1).mm(first) + firstBias, 0.2).mm(second) + secondBias;

    public (Tensor Wasserstein, Tensor Penalty) Losses(Tensor real, Tensor fake, Tensor semantics, Tensor share)
    {
        var middle = (share * real + (1 - share) * fake).detach().requires_grad_();
        var score = Score(middle, semantics);
        var gradient = autograd.grad([score], [middle], [ones_like(score)], retain_graph: true, create_graph: true)[0];
        return (Score(fake, semantics).mean() - Score(real, semantics).mean(), (gradient.norm(1) - 1).square().mean());
    }

    public Tensor Gradient(string name) => name switch
    {
        "critic/hidden/weight" => first.grad!.narrow(0, 0, visual),
        "critic/hidden/semantic_weight" => first.grad!.narrow(0, visual, first.shape[0] - visual),
        "critic/hidden/bias" => firstBias.grad!,
        "critic/output_weight" => second.grad!.squeeze(1),
        _ => secondBias.grad!,
    };

    private static Parameter Leaf(Tensor tensor) => new(tensor.detach().clone());
}
