using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Generative.Mlis;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>
/// MLIS in the form its equations suggest: [E(x) ; a] built and normalised, the metric losses image by image, and everything made classified
/// with what is real.
/// </summary>
internal sealed class StraightforwardMlis(MlisTraining training, MlisOptions options, ZslProblem problem, ScalarType type = ScalarType.Float64)
    : StraightforwardGan(training.TrainedParameters, options, problem, type)
{
    private readonly MlisOptions options = options;
    private readonly Tensor given = (tensor(problem.Semantics.Values) / problem.Semantics.Divisor).to(type);
    private readonly Tensor unseenLabels = tensor([.. problem.UnseenClasses.SelectMany(c => Enumerable.Repeat((long)c, options.RefinementPerUnseenClass))], int64);

    public override IReadOnlyList<LossTerm> GeneratorLosses(Tensor features, Tensor labels)
    {
        if (options.RefinementWeight == 0) return [Opinion(Make(labels), labels)];
        var all = cat([labels, unseenLabels]);
        var made = Make(all);
        var (refined, targets) = options.RefineSyntheticSeen ? (made, all) : (made[TensorIndex.Slice(labels.shape[0])], unseenLabels);
        return [Opinion(made.narrow(0, 0, labels.shape[0]), labels), new("made ce", options.GeneratorRefinementWeight, Classify(Encode(refined), targets))];
    }

    public override IReadOnlyList<LossTerm> EncoderLosses(Tensor features, Tensor labels)
    {
        var x = Scale(features);
        var metric = new LossTerm("metric", options.MetricWeight, Metric(Encode(x), labels));
        if (options.RefinementWeight == 0) return [metric];
        Tensor[] targets = options.RefineSyntheticSeen ? [labels, unseenLabels] : [unseenLabels];
        var refined = Encode(cat([x, .. targets.Select(made => Make(made).detach())]));
        return [metric, new("ce", options.RefinementWeight, Classify(refined, cat([labels, .. targets])))];
    }

    private Tensor Encode(Tensor x) => Layer("encoder", x).relu();

    private Tensor Classify(Tensor refined, Tensor labels) => nn.functional.cross_entropy(Layer("refinement", refined), labels);

    private Tensor Metric(Tensor h, Tensor labels)
    {
        var u = nn.functional.normalize(options.ImplicitSemantics ? Concatenated(h, labels) : h, dim: 1);
        var s = u.mm(u.t());
        return options.MetricLoss switch
        {
            MetricLoss.Contrastive => Contrastive(s, labels),
            MetricLoss.MultiSimilarity => MultiSimilarity(s, labels),
            _ => Circle(s, labels),
        };
    }

    /// <summary>[E(x) ; a] with the lengths of the option.</summary>
    private Tensor Concatenated(Tensor h, Tensor labels) => options.Concatenation switch
    {
        Concatenation.Balanced => cat([nn.functional.normalize(h, dim: 1) * Math.Sqrt(1 - options.SemanticShare),
            ClassVectors.index_select(0, labels) * Math.Sqrt(options.SemanticShare)], 1),
        Concatenation.Raw => cat([h, ClassVectors.index_select(0, labels) * options.SemanticScale], 1),
        _ => cat([h, given.index_select(0, labels)], 1),
    };

    private Tensor Circle(Tensor s, Tensor labels)
    {
        var (m, scale, losses) = (options.CircleMargin, options.CircleScale, new List<Tensor>());
        foreach (var (positive, negative) in Pairs(s, labels))
        {
            if (positive.shape[0] == 0 || negative.shape[0] == 0) continue;
            var weighted = options.CircleForm == CircleForm.Pml;
            var pull = weighted ? -scale * (1 + m - positive.detach()).relu() * (positive - 1 + m) : -scale * positive;
            var push = weighted ? scale * (negative.detach() + m).relu() * (negative - m) : scale * (negative + m);
            losses.Add(nn.functional.softplus(pull.logsumexp(0) + push.logsumexp(0)));
        }
        return stack(losses).mean();
    }

    private static Tensor Contrastive(Tensor s, Tensor labels)
    {
        var pairs = Pairs(s, labels).ToList();
        static Tensor Distance(Tensor similarity) => (2 - 2 * similarity).sqrt();
        var apart = cat([.. pairs.Select(p => Distance(p.Positive))]);
        var near = cat([.. pairs.Select(p => 1 - Distance(p.Negative))]);
        return apart.mean() + (near.gt(0).any().item<bool>() ? near.masked_select(near.gt(0)).mean() : 0 * near.sum());
    }

    private static Tensor MultiSimilarity(Tensor s, Tensor labels) => stack(Pairs(s, labels).Select(p =>
        (1 + (-2 * (p.Positive - 0.5)).exp().sum()).log() / 2 + (1 + (50 * (p.Negative - 0.5)).exp().sum()).log() / 50)).mean();

    /// <summary>For every image its similarities to others of its class and to those of other classes.</summary>
    private static IEnumerable<(Tensor Positive, Tensor Negative)> Pairs(Tensor s, Tensor labels)
    {
        for (var i = 0; i < labels.shape[0]; i++)
        {
            var same = labels.eq(labels[i]);
            var other = same.logical_not();
            same[i] = false;
            yield return (s[i].masked_select(same), s[i].masked_select(other));
        }
    }
}
