using Unseen.Data;
using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models.Generative.FClswgan;

/// <summary>
/// f-CLSWGAN (CVPR 2018, Eq. 4): the generator lowers -E[D(G(z, a), a)] + β CE of a softmax that was trained on real features of seen classes
/// and then fixed, so that made features are told apart as real ones are.
/// </summary>
internal sealed class FClswganTraining : GenerativeTraining
{
    private readonly FClswganOptions options;
    private readonly SoftmaxClassifier judge;  // over the seen classes only
    private readonly int[] index;              // place of every class among the seen ones, -1 for unseen ones
    private readonly Tensor seenIndex;         // the same [classes]

    public FClswganTraining(FClswganOptions options, ZslProblem problem, Precision precision, CancellationToken cancellation)
        : base(options, problem, precision, cancellation)
    {
        this.options = options;
        var seen = problem.SeenClasses;
        index = [.. Enumerable.Range(0, problem.Classes).Select(c => Array.IndexOf(seen, c))];
        judge = new SoftmaxClassifier("pretraining", Visual, seen.Length, options.InitialDeviation);
        seenIndex = tensor(Array.ConvertAll(index, i => (long)i)).DetachFromDisposeScope();
    }

    public override IReadOnlyList<TrainingStage> Preparation(CancellationToken cancellation) => options.ClassificationWeight == 0 ? []
        : [new TrainingStage("pretraining", judge, SeenProblem(cancellation), options.Pretraining)];

    protected override IReadOnlyList<LossTerm> GeneratorLosses(Tensor x, Tensor labels)
    {
        var made = Generator.Generate(ClassVectors, labels);
        if (options.ClassificationWeight == 0) return [Opinion(made, labels)];
        var classified = nn.functional.cross_entropy(judge.Scores(made, frozen: true), seenIndex.index_select(0, labels));
        return [Opinion(made, labels), new("ce", options.ClassificationWeight, classified)];
    }

    /// <summary>Scaled real features under the ids of the seen classes.</summary>
    private ZslProblem SeenProblem(CancellationToken cancellation)
    {
        var rows = new FeatureRows((int)Visual);
        AddReal(rows, x => x, cancellation);
        var problem = rows.ToProblem(Problem);
        return problem with { Train = problem.Train with { Labels = Array.ConvertAll(problem.Train.Labels, label => index[label]) } };
    }

    public override void Dispose()
    {
        base.Dispose();
        judge.Dispose();
        seenIndex.Dispose();
    }
}
