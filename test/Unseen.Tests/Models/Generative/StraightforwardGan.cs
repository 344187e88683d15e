using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Generative;
using Unseen.Models.Linear;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>
/// The conditional WGAN-GP under the generative methods as public codes write it: every input concatenated, the gradient penalty by
/// differentiating the gradient. Weights are copies of a training's, by name; what features and classes are is read from the problem again.
/// In 64-bit a numerical oracle, in 32-bit an opponent in speed.
/// </summary>
internal abstract class StraightforwardGan
{
    private readonly GenerativeOptions options;
    private readonly ScalarType type;
    private readonly Dictionary<string, Parameter> weights;
    private readonly Tensor smallest;  // [visual]
    private readonly Tensor largest;   // [visual]
    private readonly Tensor seenPlace; // [classes]

    protected StraightforwardGan(
        IEnumerable<(string Name, Parameter Parameter)> weights, GenerativeOptions options, ZslProblem problem, ScalarType type = ScalarType.Float64)
    {
        (this.options, this.type) = (options, type);
        this.weights = weights.ToDictionary(w => w.Name, w => new Parameter(w.Parameter.detach().to(type).clone()));
        var rows = stack(problem.Train.Images.Select(image =>
        {
            var row = new float[problem.Features.Visual()];
            problem.Features.ReadGlobal(image, row);
            return tensor(row).to(type);
        }));
        (smallest, largest) = (rows.min(0).values, rows.max(0).values);
        ClassVectors = stack(Enumerable.Range(0, problem.Classes).Select(c =>
        {
            var values = Enumerable.Range(0, problem.Semantics.Attributes).Select(a => (double)problem.Semantics.Values[c, a]).ToArray();
            var length = options.AttributeNormalisation == AttributeNormalisation.None ? problem.Semantics.Divisor : Math.Sqrt(values.Sum(v => v * v));
            return tensor(Array.ConvertAll(values, v => v / length)).to(type);
        }));
        SeenClasses = [.. Enumerable.Range(0, problem.Classes).Where(c => problem.SeenClass[c])];
        seenPlace = tensor(Enumerable.Range(0, problem.Classes).Select(c => (long)SeenClasses.TakeWhile(s => s != c).Count()).ToArray());
    }

    /// <summary>Copies of the weights that a part of the training learns.</summary>
    public IEnumerable<Parameter> Weights(Func<string, bool> which) => weights.Where(w => which(w.Key)).Select(w => w.Value);

    /// <summary>Semantics [classes, attributes], of length 1 or as they are.</summary>
    protected Tensor ClassVectors { get; }

    /// <summary>Ids of the seen classes in order: a classifier over seen classes has one output for each.</summary>
    protected long[] SeenClasses { get; }

    /// <summary>Gradient at a weight, by the name of the training; null when there is none.</summary>
    public Tensor? Gradient(string name) => weights[name].grad;

    public void ForgetGradients()
    {
        foreach (var weight in weights.Values) weight.grad = null;
    }

    /// <summary>Terms of the critic's step; draws noise, then the interpolations.</summary>
    public virtual IReadOnlyList<LossTerm> CriticLosses(Tensor features, Tensor labels)
    {
        var (real, semantics) = (Scale(features), ClassVectors.index_select(0, labels));
        var fake = Make(labels).detach();
        var share = rand(labels.shape[0], 1).to(type);
        var middle = (share * real + (1 - share) * fake).detach().requires_grad_();
        var score = Score(middle, semantics);
        var gradient = autograd.grad([score], [middle], [ones_like(score)], retain_graph: true, create_graph: true)[0];
        return
        [
            new("wasserstein", 1, Score(fake, semantics).mean() - Score(real, semantics).mean()),
            new("penalty", options.GradientPenaltyWeight, (gradient.norm(1) - 1).square().mean()),
        ];
    }

    /// <summary>Terms of the generator's step; draws noise.</summary>
    public abstract IReadOnlyList<LossTerm> GeneratorLosses(Tensor features, Tensor labels);

    /// <summary>Terms of the encoder's step, of methods that have one.</summary>
    public virtual IReadOnlyList<LossTerm> EncoderLosses(Tensor features, Tensor labels) => [];

    protected LossTerm Opinion(Tensor made, Tensor labels) => new("generator", 1, -Score(made, ClassVectors.index_select(0, labels)).mean());

    protected Tensor Make(Tensor labels)
    {
        var noise = randn(labels.shape[0], Weight("generator/hidden/weight").shape[0]).to(type);
        var inner = Layer("generator/hidden", cat([noise, ClassVectors.index_select(0, labels)], 1));
        return Layer("generator/output", LeakyRelu(inner)).relu();
    }

    protected Tensor Scale(Tensor features) => (features.to(type) - smallest) / (largest - smallest);

    /// <summary>Output of a layer whose input may have the semantics appended.</summary>
    protected Tensor Layer(string name, Tensor input) => input.mm(weights.ContainsKey($"{name}/semantic_weight")
        ? cat([Weight($"{name}/weight"), Weight($"{name}/semantic_weight")]) : Weight($"{name}/weight")) + Weight($"{name}/bias");

    protected Tensor Weight(string name) => weights[name];

    protected static Tensor LeakyRelu(Tensor x) => where(x.gt(0), x, 0.2 * x);

    /// <summary>Mean of -log softmax at the places of the labels among the seen classes.</summary>
    /// <param name="scores">Scores [batch, seen].</param>
    /// <param name="labels">Class ids of the problem.</param>
    protected Tensor SeenCrossEntropy(Tensor scores, Tensor labels) =>
        (scores.exp().sum(1).log() - scores.gather(1, seenPlace.index_select(0, labels).unsqueeze(1)).squeeze(1)).mean();

    private Tensor Score(Tensor x, Tensor semantics) =>
        LeakyRelu(Layer("critic/hidden", cat([x, semantics], 1))).mv(Weight("critic/output_weight")) + Weight("critic/output_bias");
}
