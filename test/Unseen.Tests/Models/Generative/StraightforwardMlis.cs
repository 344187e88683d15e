using TorchSharp.Modules;
using Unseen.Models.Generative.Mlis;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>
/// MLIS in the form its equations suggest: every network input concatenated, the gradient penalty by differentiating the gradient, and the
/// circle loss on normalised concatenations. Takes its weights from a training of ours. Numerical oracle, and opponent in speed.
/// </summary>
internal sealed class StraightforwardMlis
{
    private readonly MlisOptions options;
    private readonly Tensor classVectors, unseenLabels;
    private readonly Parameter generatorFirst, generatorFirstBias, generatorSecond, generatorSecondBias;
    private readonly Parameter criticFirst, criticFirstBias, criticSecond, criticSecondBias;
    private readonly Parameter encoder, encoderBias, refinement, refinementBias;

    /// <param name="training">Whose weights to copy.</param>
    /// <param name="options">Options of that training; balanced concatenation, circle loss in the library's form.</param>
    /// <param name="classVectors">L2-normalised semantics [classes, attributes].</param>
    /// <param name="unseen">Ids of the unseen classes.</param>
    public StraightforwardMlis(MlisTraining training, MlisOptions options, Tensor classVectors, IEnumerable<int> unseen)
    {
        (this.options, this.classVectors) = (options, classVectors);
        unseenLabels = tensor([.. unseen.SelectMany(c => Enumerable.Repeat((long)c, options.RefinementPerUnseenClass))], int64);
        var weights = training.TrainedParameters.ToDictionary(p => p.Name, p => (Tensor)p.Parameter);
        Parameter Leaf(params string[] names) => new(cat([.. names.Select(n => weights[n])]).detach().clone());
        (generatorFirst, generatorFirstBias) = (Leaf("generator/hidden/weight", "generator/hidden/semantic_weight"), Leaf("generator/hidden/bias"));
        (generatorSecond, generatorSecondBias) = (Leaf("generator/output/weight"), Leaf("generator/output/bias"));
        (criticFirst, criticFirstBias) = (Leaf("critic/hidden/weight", "critic/hidden/semantic_weight"), Leaf("critic/hidden/bias"));
        (criticSecond, criticSecondBias) = (Leaf("critic/output_weight"), Leaf("critic/output_bias"));
        (encoder, encoderBias) = (Leaf("encoder/weight"), Leaf("encoder/bias"));
        (refinement, refinementBias) = (Leaf("refinement/weight"), Leaf("refinement/bias"));
    }

    public Parameter[] CriticWeights => [criticFirst, criticFirstBias, criticSecond, criticSecondBias];

    public Parameter[] GeneratorWeights => [generatorFirst, generatorFirstBias, generatorSecond, generatorSecondBias];

    public Parameter[] EncoderWeights => [encoder, encoderBias, refinement, refinementBias];

    public Tensor CriticLoss(Tensor x, Tensor labels)
    {
        var semantics = classVectors.index_select(0, labels);
        var fake = Generate(labels).detach();
        var share = rand(labels.shape[0], 1);
        var middle = (share * x + (1 - share) * fake).detach().requires_grad_();
        var score = Score(middle, semantics);
        var gradient = autograd.grad([score], [middle], [ones_like(score)], retain_graph: true, create_graph: true)[0];
        var penalty = (gradient.norm(1) - 1).square().mean();
        return Score(fake, semantics).mean() - Score(x, semantics).mean() + options.GradientPenaltyWeight * penalty;
    }

    public Tensor GeneratorLoss(Tensor labels)
    {
        var all = cat([labels, unseenLabels]);
        var made = Generate(all);
        var opinion = Score(made.narrow(0, 0, labels.shape[0]), classVectors.index_select(0, labels)).mean();
        return options.GeneratorRefinementWeight * Classify(Encode(made), all) - opinion;
    }

    public Tensor EncoderLoss(Tensor x, Tensor labels)
    {
        var all = cat([labels, labels, unseenLabels]);
        var refined = Encode(cat([x, Generate(labels).detach(), Generate(unseenLabels).detach()]));
        return options.MetricWeight * Circle(refined.narrow(0, 0, labels.shape[0]), labels) + options.RefinementWeight * Classify(refined, all);
    }

    private Tensor Generate(Tensor labels)
    {
        var noise = randn(labels.shape[0], classVectors.shape[1]);
        var input = cat([noise, classVectors.index_select(0, labels)], 1);
        return (nn.functional.leaky_relu(input.mm(generatorFirst) + generatorFirstBias, 0.2).mm(generatorSecond) + generatorSecondBias).relu();
    }

    private Tensor Score(Tensor x, Tensor semantics) =>
        nn.functional.leaky_relu(cat([x, semantics], 1).mm(criticFirst) + criticFirstBias, 0.2).mv(criticSecond) + criticSecondBias;

    private Tensor Encode(Tensor x) => (x.mm(encoder) + encoderBias).relu();

    private Tensor Classify(Tensor refined, Tensor labels) => nn.functional.cross_entropy(refined.mm(refinement) + refinementBias, labels);

    private Tensor Circle(Tensor h, Tensor labels)
    {
        var visual = nn.functional.normalize(h, dim: 1) * Math.Sqrt(1 - options.SemanticShare);
        var u = nn.functional.normalize(cat([visual, classVectors.index_select(0, labels) * Math.Sqrt(options.SemanticShare)], 1), dim: 1);
        var (s, m, scale) = (u.mm(u.t()), options.CircleMargin, options.CircleScale);
        var losses = new List<Tensor>();
        for (var i = 0; i < labels.shape[0]; i++)
        {
            var same = labels.eq(labels[i]);
            var negative = s[i].masked_select(same.logical_not());
            same[i] = false;
            var positive = s[i].masked_select(same);
            if (positive.shape[0] == 0 || negative.shape[0] == 0) continue;
            var pull = (-scale * (1 + m - positive.detach()).relu() * (positive - 1 + m)).logsumexp(0);
            var push = (scale * (negative.detach() + m).relu() * (negative - m)).logsumexp(0);
            losses.Add(nn.functional.softplus(pull + push));
        }
        return stack(losses).mean();
    }
}
