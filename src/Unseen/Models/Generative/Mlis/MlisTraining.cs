using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models.Generative.Mlis;

/// <summary>
/// The refinement stage of MLIS: critic and generator as in f-CLSWGAN; an encoder learns from real features by a metric loss on [E(x) ; a]
/// (section 3.1), and from real and made features of all classes by classification (section 3.3).
/// </summary>
internal sealed class MlisTraining : GenerativeTraining
{
    private readonly MlisOptions options;
    private readonly Dense encoder;
    private readonly Dense refinement;       // class scores of refined features
    private readonly Tensor gram;            // [classes, classes], products of the semantics as they enter the similarities
    private readonly Tensor unseenLabels;    // every unseen class as often as it is made

    public MlisTraining(MlisOptions options, ZslProblem problem, Precision precision, CancellationToken cancellation)
        : base(options, problem, precision, cancellation)
    {
        this.options = options;
        encoder = new Dense("encoder", Visual, options.EncoderWidth, options.InitialDeviation, precision);
        refinement = new Dense("refinement", options.EncoderWidth, problem.Classes, options.InitialDeviation, precision);
        using var scope = NewDisposeScope();
        gram = Gram().DetachFromDisposeScope();
        unseenLabels = tensor([.. problem.UnseenClasses.SelectMany(c => Enumerable.Repeat((long)c, options.RefinementPerUnseenClass))], int64)
            .DetachFromDisposeScope();
    }

    public override IReadOnlyList<int> Turns => [.. base.Turns, .. Enumerable.Repeat(EncoderPart, options.EncoderSteps)];

    protected override IEnumerable<(string Name, Parameter Parameter)> EncoderParameters => [.. encoder.Parameters, .. refinement.Parameters];

    protected override long RefinedWidth => options.EncoderWidth;

    protected override Tensor Refine(Tensor x) => encoder.Forward(x, frozen: true).relu();

    protected override IReadOnlyList<LossTerm> GeneratorLosses(Tensor x, Tensor labels)
    {
        var refined = options.GeneratorRefinementWeight > 0 && options.RefinementWeight > 0 ? MadeLabels(labels) : [];
        if (refined.Length == 0) return [Opinion(Generator.Generate(ClassVectors, labels), labels)];
        var all = cat([labels, unseenLabels]);
        var made = Generator.Generate(ClassVectors, all);
        var (count, targets) = (refined.Sum(part => part.shape[0]), cat(refined));
        var scores = refinement.Forward(Refine(made.narrow(0, all.shape[0] - count, count)), frozen: true);     // [refined, classes]
        return [
            Opinion(made.narrow(0, 0, labels.shape[0]), labels),
            new("made ce", options.GeneratorRefinementWeight, nn.functional.cross_entropy(scores, targets)),
        ];
    }

    protected override IReadOnlyList<LossTerm> EncoderLosses(Tensor x, Tensor labels)
    {
        var refining = options.RefinementWeight > 0;
        var made = refining ? MadeLabels(labels) : [];
        var refined = encoder.Forward(made.Length == 0 ? x : cat([x, .. made.Select(Made)])).relu();
        var terms = new List<LossTerm>
        {
            new("metric", options.MetricWeight, Metric(refined.narrow(0, 0, labels.shape[0]), labels)),
        };
        if (refining) terms.Add(new("ce", options.RefinementWeight, nn.functional.cross_entropy(refinement.Forward(refined), cat([labels, .. made]))));
        return terms;
    }

    /// <summary>Labels of the made features that are refined: those of the batch, then those of the unseen classes.</summary>
    private Tensor[] MadeLabels(Tensor labels) =>
        [.. options.RefineSyntheticSeen ? [labels] : Array.Empty<Tensor>(), .. unseenLabels.shape[0] > 0 ? [unseenLabels] : Array.Empty<Tensor>()];

    private Tensor Metric(Tensor refined, Tensor labels)
    {
        var similarity = Similarity(refined, labels);                                          // [batch, batch]
        return options.MetricLoss switch
        {
            MetricLoss.Contrastive => ContrastiveLoss.Compute(similarity, labels),
            MetricLoss.MultiSimilarity => MultiSimilarityLoss.Compute(similarity, labels),
            _ when options.CircleForm == CircleForm.Paper => CircleLoss.Paper(similarity, labels, options.CircleMargin, options.CircleScale),
            _ => CircleLoss.Pml(similarity, labels, options.CircleMargin, options.CircleScale),
        };
    }

    private Tensor Similarity(Tensor refined, Tensor labels)
    {
        if (!options.ImplicitSemantics) return PairSimilarity.Cosine(refined);
        if (options.Concatenation != Concatenation.Balanced) return PairSimilarity.ImplicitSemantics(refined, labels, gram);
        var unit = nn.functional.normalize(refined, dim: 1) * Math.Sqrt(1 - options.SemanticShare);
        return PairSimilarity.ImplicitSemantics(unit, labels, gram);
    }

    /// <summary>Products of the semantics as they enter [E(x) ; a].</summary>
    private Tensor Gram()
    {
        var a = options.Concatenation == Concatenation.AsGiven
            ? tensor(Problem.Semantics.Values) / Problem.Semantics.Divisor : nn.functional.normalize(ClassVectors, dim: 1);
        return a.mm(a.t()) * options.Concatenation switch
        {
            Concatenation.Balanced => options.SemanticShare,
            Concatenation.Raw => options.SemanticScale * options.SemanticScale,
            _ => 1,
        };
    }

    public override void Dispose()
    {
        base.Dispose();
        encoder.Dispose();
        refinement.Dispose();
        gram.Dispose();
        unseenLabels.Dispose();
    }
}
