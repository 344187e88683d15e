using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models.Generative.CeGzsl;

/// <summary>
/// CE-GZSL (CVPR 2021): beside the critic an encoder learns features h that a projection tells apart by class among the images of a batch
/// (instance level, Eq. 4) and a comparator among all seen classes (class level, Eq. 6). The generator has to please all three.
/// </summary>
internal sealed class CeGzslTraining : GenerativeTraining
{
    private readonly CeGzslOptions options;
    private readonly Dense encoder;
    private readonly Dense projection;
    private readonly ClassComparator comparator;
    private readonly Tensor seenVectors;  // [seen, attributes]
    private readonly Tensor seenIndex;    // [classes], -1 for unseen ones

    public CeGzslTraining(CeGzslOptions options, ZslProblem problem, Precision precision, CancellationToken cancellation)
        : base(options, problem, precision, cancellation)
    {
        this.options = options;
        var deviation = options.InitialDeviation;
        encoder = new Dense("encoder", Visual, options.EncoderWidth, deviation, precision);
        projection = new Dense("projection", options.EncoderWidth, options.ProjectionWidth, deviation, precision);
        comparator = new ClassComparator(options.EncoderWidth, ClassVectors.shape[1], options.ComparatorWidth, deviation, precision);
        using var scope = NewDisposeScope();
        var seen = problem.SeenClasses;
        seenVectors = ClassVectors.index_select(0, tensor(seen, int64)).DetachFromDisposeScope();
        seenIndex = tensor([.. Enumerable.Range(0, problem.Classes).Select(c => (long)Array.IndexOf(seen, c))], int64).DetachFromDisposeScope();
    }

    /// <summary>Encoder, projection and comparator learn with the critic, by one optimiser.</summary>
    public override int PartOf(string parameter) => base.PartOf(parameter) == GeneratorPart ? GeneratorPart : CriticPart;

    protected override IEnumerable<(string Name, Parameter Parameter)> EncoderParameters =>
        [.. encoder.Parameters, .. projection.Parameters, .. comparator.Parameters];

    protected override long RefinedWidth => options.EncoderWidth;

    protected override Tensor Refine(Tensor x) => Encode(x, frozen: true);

    protected override IReadOnlyList<LossTerm> CriticLosses(Tensor x, Tensor labels)
    {
        var h = Encode(x, frozen: false);                                                      // [batch, hidden]
        return
        [
            .. base.CriticLosses(x, labels),
            new("instance", options.EncoderInstanceWeight, InstanceLoss(h, labels, frozen: false)),
            new("class", options.EncoderClassWeight, ClassLoss(h, labels, frozen: false)),
        ];
    }

    protected override IReadOnlyList<LossTerm> GeneratorLosses(Tensor x, Tensor labels)
    {
        var made = Generator.Generate(ClassVectors, labels);
        var terms = new List<LossTerm> { Opinion(made, labels) };
        if (options.InstanceWeight == 0 && options.ClassWeight == 0) return terms;
        var h = Encode(made, frozen: true);
        var all = cat([Encode(x, frozen: true), h]);                                           // [2·batch, hidden]
        terms.Add(new("made instance", options.InstanceWeight, InstanceLoss(all, cat([labels, labels]), frozen: true)));
        terms.Add(new("made class", options.ClassWeight, ClassLoss(h, labels, frozen: true)));
        return terms;
    }

    private Tensor Encode(Tensor x, bool frozen) => encoder.Forward(x, frozen).relu();

    private Tensor InstanceLoss(Tensor h, Tensor labels, bool frozen) => SupervisedContrastiveLoss.Compute(
        PairSimilarity.Cosine(projection.Forward(h, frozen)), labels, options.InstanceTemperature);

    private Tensor ClassLoss(Tensor h, Tensor labels, bool frozen) => comparator.CrossEntropy(
        h, seenVectors, seenIndex.index_select(0, labels), options.ClassTemperature, frozen);

    public override void Dispose()
    {
        base.Dispose();
        encoder.Dispose();
        projection.Dispose();
        comparator.Dispose();
        seenVectors.Dispose();
        seenIndex.Dispose();
    }
}
