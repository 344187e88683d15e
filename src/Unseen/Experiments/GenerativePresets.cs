using Unseen.Data;
using Unseen.Models;
using Unseen.Models.Generative;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Generative.Mlis;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>Recipes and named options of the generative methods, one per dataset of their papers.</summary>
internal static class GenerativePresets
{
    /// <summary>Recipe of f-CLSWGAN; its epochs differ per dataset.</summary>
    public static TrainingRecipe FClswganRecipe { get; } = Adam with { Epochs = 56, BatchSize = 64, Sampler = SamplerKind.Random };

    /// <summary>Recipe of CE-GZSL: random batches so large that every class appears in them several times.</summary>
    public static TrainingRecipe CeGzslRecipe { get; } = Adam with { Epochs = 450, BatchSize = 2048, Sampler = SamplerKind.Random, EvaluateEvery = 10 };

    /// <summary>Recipe of MLIS (inferred): batches of 16 classes with 4 images each, until validation no longer improves.</summary>
    public static TrainingRecipe MlisRecipe { get; } =
        Adam with { Epochs = 60, BatchSize = 64, Sampler = SamplerKind.Episodes, Ways = 16, Shots = 4, Patience = 15 };

    public static IReadOnlyList<MethodPreset> FClswgan { get; } =
    [
        new("f-clswgan-cub", "Authors' figures for CUB: 300 made features per unseen class, 56 epochs", new FClswganOptions()),
        new("f-clswgan-awa2", "For AWA2: 1800 made features, 30 epochs, learning rate 1e-5", new FClswganOptions { SyntheticPerUnseenClass = 1800 },
            new TrainingOptions { Epochs = 30, LearningRate = 1e-5 }),
        new("f-clswgan-sun", "For SUN: 400 made features, 54 epochs, learning rates 2e-4 and 5e-4",
            new FClswganOptions { SyntheticPerUnseenClass = 400, Classifier = Slow }, new TrainingOptions { Epochs = 54, LearningRate = 2e-4 }),
        new("f-clswgan-flo", "For FLO: 1200 made features, 80 epochs, beta 0.1",
            new FClswganOptions { SyntheticPerUnseenClass = 1200, ClassificationWeight = 0.1 }, new TrainingOptions { Epochs = 80 }),
        new("f-clswgan-apy", "For aPY (inferred): 1800 made features, the rest as for CUB", new FClswganOptions { SyntheticPerUnseenClass = 1800 }),
    ];

    public static IReadOnlyList<MethodPreset> CeGzsl { get; } =
    [
        new("ce-gzsl-cub", "Authors' figures for CUB: 100 made features per unseen class, 450 epochs, learning rate times 0.99 every 100", new CeGzslOptions(), Decayed(every: 100)),
        new("ce-gzsl-awa2", "For AWA2: 2400 made features, batches of 4096, 130 epochs, learning rate times 0.99 every 10", new CeGzslOptions { SyntheticPerUnseenClass = 2400 },
            Decayed(every: 10) with { Epochs = 130, BatchSize = 4096 }),
        new("ce-gzsl-sun", "For SUN: 100 made features, comparator 1024 wide, weights 0.01, 1000 epochs, learning rate 5e-5, times 0.99 every 100",
            SmallComparator with { SyntheticPerUnseenClass = 100 }, Decayed(every: 100) with { Epochs = 1000, LearningRate = 5e-5 }),
        new("ce-gzsl-flo", "For FLO: 600 made features, comparator 1024 wide, weights 0.01, noise 512 wide, 750 epochs, learning rate times 0.99 every 100",
            SmallComparator with { SyntheticPerUnseenClass = 600, NoiseWidth = 512 }, Decayed(every: 100) with { Epochs = 750 }),
    ];

    public static IReadOnlyList<MethodPreset> Mlis { get; } =
    [
        new("mlis-cub", "For CUB (inferred): 100 made features per unseen class", new MlisOptions()),
        new("mlis-awa2", "For AWA2 (inferred): 2400 made features", new MlisOptions { SyntheticPerUnseenClass = 2400 }),
        new("mlis-sun", "For SUN (inferred): 100 made features, learning rate 5e-5", new MlisOptions(), new TrainingOptions { LearningRate = 5e-5 }),
        new("mlis-flo", "For FLO (inferred): 600 made features", new MlisOptions { SyntheticPerUnseenClass = 600 }),
        new("mlis-apy", "For aPY (inferred): 1800 made features", new MlisOptions { SyntheticPerUnseenClass = 1800 }),
        new("mlis-paper-circle", "The circle loss as the paper prints it, unweighted, on [E(x) ; a] with both as they are",
            new MlisOptions { CircleForm = CircleForm.Paper, Concatenation = Concatenation.AsGiven }),
    ];

    private static TrainingRecipe Adam => new() { LearningRate = 1e-4, Beta1 = 0.5, Beta2 = 0.999 };

    /// <summary>The decay of CE-GZSL's code; for CUB its command names no number of epochs, so that its default of 100 holds.</summary>
    private static TrainingOptions Decayed(int every) => new() { Schedule = ScheduleKind.Step, DecayFactor = 0.99, DecayEpochs = every };

    private static SoftmaxOptions Slow => new() { LearningRate = 5e-4 };

    private static CeGzslOptions SmallComparator => new() { ComparatorWidth = 1024, InstanceWeight = 0.01, ClassWeight = 0.01 };

    /// <summary>A generative method of the catalog.</summary>
    /// <param name="create">Creates its training.</param>
    /// <param name="hasEncoder">Whether the final classifier sees encoded features.</param>
    public static StagedMethod Method(Func<ZslProblem, Precision, CancellationToken, IStagedModel> create, bool hasEncoder) => new(
        create, (problem, _, state) => GenerativeModel.Load(state, problem.Features.Visual(), problem.Classes, hasEncoder));
}
