using TorchSharp.Modules;
using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>Creates the optimiser of a recipe and moves its learning rate along the schedule.</summary>
internal static class Optimisers
{
    public static IOptimiser Create(TrainingRecipe recipe, IEnumerable<Parameter> parameters) =>
        recipe.Optimiser is OptimiserKind.Adam or OptimiserKind.AdamW && ComputeDevice.Current.type == TorchSharp.DeviceType.CPU
            ? new FusedAdam(parameters, recipe.LearningRate, recipe.Beta1, recipe.Beta2, recipe.WeightDecay, recipe.Optimiser == OptimiserKind.AdamW)
            : new TorchOptimiser(CreateTorch(recipe, parameters));

    /// <summary>The optimiser of a recipe as the native library has it.</summary>
    public static OptimizerHelper CreateTorch(TrainingRecipe recipe, IEnumerable<Parameter> parameters) => recipe.Optimiser switch
    {
        OptimiserKind.Adam => optim.Adam(parameters, recipe.LearningRate, recipe.Beta1, recipe.Beta2, weight_decay: recipe.WeightDecay),
        OptimiserKind.AdamW => optim.AdamW(parameters, recipe.LearningRate, recipe.Beta1, recipe.Beta2, weight_decay: recipe.WeightDecay),
        OptimiserKind.RmsProp => optim.RMSProp(parameters, recipe.LearningRate, weight_decay: recipe.WeightDecay, momentum: recipe.Momentum),
        _ => optim.SGD(parameters, recipe.LearningRate, recipe.Momentum, weight_decay: recipe.WeightDecay),
    };

    /// <summary>Learning rate of a step, from 0.</summary>
    public static double LearningRate(TrainingRecipe recipe, long step, long steps, int stepsPerEpoch) => recipe.Schedule switch
    {
        ScheduleKind.Cosine => recipe.LearningRate * (1 + Math.Cos(Math.PI * step / steps)) / 2,
        ScheduleKind.Step => recipe.LearningRate * Math.Pow(recipe.DecayFactor, step / ((long)stepsPerEpoch * recipe.DecayEpochs)),
        _ => recipe.LearningRate,
    };

    /// <summary>The states of all optimisers of a fit.</summary>
    public static IEnumerable<SafetensorsTensor> Save(IReadOnlyList<IOptimiser> optimisers) => optimisers.SelectMany((optimiser, i) => optimiser.Save(Prefix(i)));

    public static void Load(IReadOnlyList<IOptimiser> optimisers, SafetensorsFile file)
    {
        foreach (var (i, optimiser) in optimisers.Index()) optimiser.Load(file, Prefix(i));
    }

    private static string Prefix(int index) => $"optimiser/{index}/";
}
