using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Models;
using Unseen.Models.Generative.CeGzsl;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>
/// The classifier stage of CE-GZSL as its authors' code has it: features made class by class from concatenated inputs, and the encoder run
/// again on every batch of every epoch.
/// </summary>
internal static class StraightforwardClassifierStage
{
    public static void Run(CeGzslTraining training, CeGzslOptions options, ZslProblem problem)
    {
        using var scope = NewDisposeScope();
        var weights = training.TrainedParameters.ToDictionary(p => p.Name, p => p.Parameter.detach());
        var (x, labels) = Features(weights, options, problem);
        var weight = new Parameter(randn(options.EncoderWidth, problem.Classes) * 0.02);
        using var optimiser = optim.Adam([weight], options.Classifier.LearningRate, 0.5, 0.999);
        for (var epoch = 0; epoch < options.Classifier.Epochs; epoch++)
            foreach (var rows in randperm(labels.shape[0]).split(options.Classifier.BatchSize))
            {
                using var step = NewDisposeScope();
                optimiser.zero_grad();
                var h = (x[rows].mm(weights["encoder/weight"]) + weights["encoder/bias"]).relu();
                nn.functional.cross_entropy(h.mm(weight), labels[rows]).backward();
                optimiser.step();
            }
    }

    private static (Tensor X, Tensor Labels) Features(Dictionary<string, Tensor> weights, CeGzslOptions options, ZslProblem problem)
    {
        using var batch = Unseen.Training.FeatureBatches.Gather(problem.Features, FeatureKind.Global, problem.Train.Images, problem.Train.Labels);
        var (features, labels) = (new List<Tensor> { batch.Features.clone() }, new List<Tensor> { batch.Labels.clone() });
        var vectors = nn.functional.normalize(tensor(problem.Semantics.Values), dim: 1);
        var first = cat([weights["generator/hidden/weight"], weights["generator/hidden/semantic_weight"]]);
        foreach (var c in problem.UnseenClasses)
        {
            var count = options.SyntheticPerUnseenClass;
            var input = cat([randn(count, vectors.shape[1]), vectors[c].unsqueeze(0).expand(count, -1)], 1);
            var hidden = nn.functional.leaky_relu(input.mm(first) + weights["generator/hidden/bias"], 0.2);
            features.Add((hidden.mm(weights["generator/output/weight"]) + weights["generator/output/bias"]).relu());
            labels.Add(full(count, c, int64));
        }
        return (cat(features), cat(labels));
    }
}
