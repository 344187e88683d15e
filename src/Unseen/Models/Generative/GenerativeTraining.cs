using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Linear;
using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>
/// The common way of f-CLSWGAN, CE-GZSL and MLIS: a conditional WGAN-GP learns to make features of seen classes from their semantics; then
/// it makes features of the unseen ones, and a softmax classifier learns all classes. The methods differ in what learns beside the critic
/// and the generator.
/// </summary>
internal abstract class GenerativeTraining : IStagedModel, ITrainable
{
    protected const int CriticPart = 0;
    protected const int GeneratorPart = 1;
    protected const int EncoderPart = 2;

    private const int SynthesisBlock = 1024;

    private readonly GenerativeOptions options;
    private readonly FeatureScaler scaler;

    protected GenerativeTraining(GenerativeOptions options, ZslProblem problem, Precision precision, CancellationToken cancellation)
    {
        (this.options, Problem, Visual) = (options, problem, problem.Features.Visual());
        scaler = FeatureScaler.Create(options.Scaling, problem, cancellation);
        using (var scope = NewDisposeScope())
            ClassVectors = Linear.ClassVectors.Create(problem, options.AttributeNormalisation).to(float32).clone().DetachFromDisposeScope();
        Generator = new FeatureGenerator(options, ClassVectors.shape[1], Visual, precision);
        Critic = new FeatureCritic(options, ClassVectors.shape[1], Visual, precision);
    }

    protected ZslProblem Problem { get; }

    protected long Visual { get; }

    /// <summary>Class semantics [classes, attributes], normalised as the options say.</summary>
    protected Tensor ClassVectors { get; }

    protected FeatureGenerator Generator { get; }

    protected FeatureCritic Critic { get; }

    public virtual IReadOnlyList<TrainingStage> Preparation(CancellationToken cancellation) => [];

    public ITrainable Main => this;

    public FeatureKind FeatureKind => FeatureKind.Global;

    public IReadOnlyList<(string Name, Parameter Parameter)> TrainedParameters =>
        [.. Critic.Parameters, .. Generator.Parameters, .. EncoderParameters];

    public virtual IReadOnlyList<int> Turns => [.. Enumerable.Repeat(CriticPart, options.CriticSteps), GeneratorPart];

    public virtual int PartOf(string parameter) => parameter.Split('/')[0] switch
    {
        "critic" => CriticPart,
        "generator" => GeneratorPart,
        _ => EncoderPart,
    };

    public IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels, int part)
    {
        Shape.Require(features, nameof(features), -1, Visual);
        Shape.Require(labels, nameof(labels), features.shape[0]);
        var x = scaler.Scale(features);
        return part switch
        {
            CriticPart => CriticLosses(x, labels),
            GeneratorPart => GeneratorLosses(x, labels),
            _ => EncoderLosses(x, labels),
        };
    }

    public TrainingStage Classifier(CancellationToken cancellation)
    {
        var rows = new FeatureRows((int)RefinedWidth);
        AddReal(rows, Refine, cancellation);
        AddSynthetic(rows, cancellation);
        using var pause = CollectionPause.Begin();      // only now: the rows may be large
        var classifier = new SoftmaxClassifier("classifier", RefinedWidth, Problem.Classes, options.InitialDeviation);
        return new TrainingStage("classifier", classifier, rows.ToProblem(Problem), options.Classifier);
    }

    public IZslModel Finish(TrainingStage classifier) => GenerativeModel.Of(
        scaler, EncoderParameters.Where(p => p.Name.StartsWith("encoder/", StringComparison.Ordinal)).Concat(classifier.Trainable.TrainedParameters), Visual);

    /// <summary>Parameters that are neither critic's nor generator's.</summary>
    protected virtual IEnumerable<(string Name, Parameter Parameter)> EncoderParameters => [];

    /// <summary>Width of the features the final classifier sees.</summary>
    protected virtual long RefinedWidth => Visual;

    /// <summary>Scaled features as the final classifier sees them; no gradient.</summary>
    protected virtual Tensor Refine(Tensor x) => x;

    protected virtual IReadOnlyList<LossTerm> CriticLosses(Tensor x, Tensor labels)
    {
        var (wasserstein, penalty) = Critic.Losses(x, Made(labels), ClassVectors, labels, rand(labels.shape[0], 1));
        return [new("wasserstein", 1, wasserstein), new("penalty", options.GradientPenaltyWeight, penalty)];
    }

    protected abstract IReadOnlyList<LossTerm> GeneratorLosses(Tensor x, Tensor labels);

    protected virtual IReadOnlyList<LossTerm> EncoderLosses(Tensor x, Tensor labels) => [];

    /// <summary>Made features of some labels without a way for gradients.</summary>
    protected Tensor Made(Tensor labels)
    {
        using var constants = no_grad();
        return Generator.Generate(ClassVectors, labels);
    }

    /// <summary>Minus the critic's opinion of made features: what the generator lowers.</summary>
    protected LossTerm Opinion(Tensor made, Tensor labels) => new("generator", 1, -Critic.FrozenScore(made, ClassVectors, labels));

    /// <summary>Adds the features of the training images.</summary>
    protected void AddReal(FeatureRows rows, Func<Tensor, Tensor> refine, CancellationToken cancellation)
    {
        foreach (var (raw, start) in GlobalFeatures.Blocks(Problem.Features, Problem.Train, cancellation))
        {
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            using var constants = no_grad();
            rows.Add(Values(refine(scaler.Scale(raw))), Problem.Train.Labels.AsSpan(start, (int)raw.shape[0]));
        }
    }

    private void AddSynthetic(FeatureRows rows, CancellationToken cancellation)
    {
        var counts = Problem.SeenClass.Select(seen => seen ? options.SyntheticPerSeenClass : options.SyntheticPerUnseenClass);
        foreach (var labels in counts.SelectMany((count, c) => Enumerable.Repeat(c, count)).Chunk(SynthesisBlock))
        {
            cancellation.ThrowIfCancellationRequested();
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            using var constants = no_grad();
            var classes = tensor(Array.ConvertAll(labels, label => (long)label));
            rows.Add(Values(Refine(Generator.Generate(ClassVectors, classes))), labels);
        }
    }

    private static float[] Values(Tensor rows) => rows.cpu().contiguous().data<float>().ToArray();

    public virtual void Dispose()
    {
        scaler.Dispose();
        ClassVectors.Dispose();
        Generator.Dispose();
        Critic.Dispose();
    }
}
