using Unseen.Data;
using Unseen.Losses;
using Unseen.Models;
using Unseen.Models.Generative;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Generative.Mlis;
using Unseen.Tests.Models.Generative;
using Unseen.Training;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>The generative methods against their straightforward forms, with 312 attributes, 150 seen and 50 unseen classes, 2048 visual values.</summary>
internal static class GenerativeCases
{
    private const int Attributes = 312, Visual = 2048, Seen = 150;

    /// <summary>The class-level loss of CE-GZSL, forward and backward: split against concatenated pairs, batch 512.</summary>
    public static (double Ours, double Reference) Comparator()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var comparator = new ClassComparator(2048, Attributes, 2048, 0.02, Precision.F32);
        var port = StraightforwardComparator.Of(comparator);
        var (h, vectors, labels) = (rand(512, 2048), rand(Seen, Attributes), randint(Seen, 512, ScalarType.Int64));
        var ours = Stopwatches.Median(() => Backward(x => comparator.CrossEntropy(x, vectors, labels, 0.1, frozen: false)), 5);
        var reference = Stopwatches.Median(() => Backward(x => port.CrossEntropy(x, vectors, labels, 0.1)), 3);
        return (ours, reference);

        void Backward(Func<Tensor, Tensor> loss)
        {
            using var inner = NewDisposeScope();
            loss(h.clone().requires_grad_()).backward();
        }
    }

    /// <summary>A critic step of f-CLSWGAN, batch 64: closed form and our Adam against a derivative of the derivative and torch's.</summary>
    public static (double Ours, double Reference) Critic()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var critic = new FeatureCritic(new FClswganOptions(), Attributes, Visual, Precision.F32);
        var port = StraightforwardCritic.Of(critic);
        var (real, fake, vectors) = (rand(64, Visual), rand(64, Visual), nn.functional.normalize(rand(200, Attributes), dim: 1));
        var (labels, share) = (randint(Seen, 64, ScalarType.Int64), rand(64, 1));
        using var optimiser = OurAdam(critic.Parameters.Select(p => p.Parameter));
        using var portOptimiser = TorchAdam(port.Weights);
        var ours = Stopwatches.Median(() => Step(() => critic.Losses(real, fake, vectors, labels, share), optimiser), 7);
        var reference = Stopwatches.Median(() => Step(() => port.Losses(real, fake, vectors.index_select(0, labels), share), portOptimiser), 5);
        return (ours, reference);
    }

    /// <summary>A cycle of MLIS: five steps of the critic, one of the generator, five of the encoder, 16 classes with 4 images each.</summary>
    public static (double Ours, double Reference) MlisCycle()
    {
        using var scope = NewDisposeScope();
        var (options, problem) = (new MlisOptions(), Problem(Seen));
        manual_seed(1);
        using var training = new MlisTraining(options, problem, Precision.F32, CancellationToken.None);
        return Steps(training, new StraightforwardMlis(training, options, problem, float32), arange(16, dtype: int64).repeat_interleave(4), training.Turns);
    }

    /// <summary>CE-GZSL at batch 256: a step of critic and encoder, or a cycle of five of them and one of the generator.</summary>
    public static (double Ours, double Reference) CeGzsl(bool wholeCycle)
    {
        using var scope = NewDisposeScope();
        var (options, problem) = (new CeGzslOptions(), Problem(Seen));
        manual_seed(1);
        using var training = new CeGzslTraining(options, problem, Precision.F32, CancellationToken.None);
        var port = new StraightforwardCeGzsl(training, options, problem, float32);
        return Steps(training, port, randint(Seen, 256, ScalarType.Int64), wholeCycle ? training.Turns : training.Turns.Take(1));
    }

    /// <summary>Steps of parts in turn, each with an Adam of its own, ours and torch's.</summary>
    private static (double Ours, double Reference) Steps(GenerativeTraining training, StraightforwardGan port, Tensor labels, IEnumerable<int> turns)
    {
        var x = rand(labels.shape[0], Visual);
        var parts = training.TrainedParameters.GroupBy(p => training.PartOf(p.Name)).OrderBy(g => g.Key).ToArray();
        IOptimiser[] ours = [.. parts.Select(g => OurAdam(g.Select(p => p.Parameter)))];
        IOptimiser[] theirs = [.. parts.Select(g => TorchAdam(port.Weights(name => training.PartOf(name) == g.Key)))];
        Func<IReadOnlyList<LossTerm>>[] losses = [() => port.CriticLosses(x, labels), () => port.GeneratorLosses(x, labels), () => port.EncoderLosses(x, labels)];
        return (Stopwatches.Median(() => Run(part => training.Losses(x, labels, part), ours), 5), Stopwatches.Median(() => Run(part => losses[part](), theirs), 3));

        void Run(Func<int, IReadOnlyList<LossTerm>> terms, IOptimiser[] optimisers)
        {
            foreach (var part in turns)
            {
                using var inner = NewDisposeScope();
                optimisers[part].ZeroGradients();
                terms(part).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
                optimisers[part].Step();
            }
        }
    }

    /// <summary>
    /// The classifier stage of CE-GZSL, 5 epochs: features made and refined once, in blocks, against made class by class and refined anew in
    /// every step, as the authors' code does.
    /// </summary>
    public static (double Ours, double Reference) Classifier()
    {
        using var scope = NewDisposeScope();
        var options = new CeGzslOptions { Classifier = new SoftmaxOptions { Epochs = 5 } };
        var problem = Problem(3000);
        using var training = new CeGzslTraining(options, problem, Precision.F32, CancellationToken.None);
        return (Stopwatches.Median(Ours, 3), Stopwatches.Median(() => StraightforwardClassifierStage.Run(training, options, problem), 3));

        void Ours()
        {
            using var inner = NewDisposeScope();
            using var stage = training.Classifier(CancellationToken.None);
            var recipe = new TrainingRecipe { Epochs = 5, BatchSize = options.Classifier.BatchSize, LearningRate = 1e-3, Sampler = SamplerKind.Shuffled };
            Trainer.Fit(stage.Trainable, stage.Problem, new FitContext { Seed = 1, Recipe = recipe }, null, () => throw new InvalidOperationException());
        }
    }

    /// <summary>Random training images of all seen classes, in memory.</summary>
    private static ZslProblem Problem(int images)
    {
        using var data = new SyntheticProblem(1, Attributes, 1, Visual);
        var rows = new FeatureRows(Visual);
        using var scope = NewDisposeScope();
        rows.Add(rand(images, Visual).data<float>().ToArray(), [.. Enumerable.Range(0, images).Select(i => i % Seen)]);
        return rows.ToProblem(data.Problem);
    }

    private static void Step(Func<(Tensor Wasserstein, Tensor Penalty)> losses, IOptimiser optimiser)
    {
        using var inner = NewDisposeScope();
        optimiser.ZeroGradients();
        var (wasserstein, penalty) = losses();
        (wasserstein + 10 * penalty).backward();
        optimiser.Step();
    }

    private static FusedAdam OurAdam(IEnumerable<TorchSharp.Modules.Parameter> parameters) => new FusedAdam(parameters, 1e-4, 0.5, 0.999, 0);

    private static TorchOptimiser TorchAdam(IEnumerable<TorchSharp.Modules.Parameter> parameters) =>
        new TorchOptimiser(optim.Adam(parameters, 1e-4, 0.5, 0.999));
}
