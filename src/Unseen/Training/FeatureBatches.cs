using Unseen.Data;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>A batch of features and labels; disposable, owns its tensors.</summary>
/// <param name="Features">[batch, regions, visual] or [batch, visual], 32-bit.</param>
/// <param name="Labels">[batch], int64.</param>
public sealed record FeatureBatch(Tensor Features, Tensor Labels) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Features.Dispose();
        Labels.Dispose();
    }
}

/// <summary>Gathers batches from a feature source.</summary>
public static class FeatureBatches
{
    /// <summary>Reads the features of some images; the caller disposes the batch.</summary>
    public static FeatureBatch Gather(IFeatureSource source, FeatureKind kind, ReadOnlySpan<int> images, ReadOnlySpan<int> labels)
    {
        var features = FeatureTensor.Read(source, kind, images);
        features.DetachFromDisposeScope();
        var classes = tensor(Array.ConvertAll(labels.ToArray(), label => (long)label));
        classes.DetachFromDisposeScope();
        return new FeatureBatch(features, classes);
    }

    /// <summary>The batches of consecutive steps, the next one gathered while the current one is used.</summary>
    public static IEnumerable<(long Step, FeatureBatch Batch)> Prefetch(
        ZslProblem problem, FeatureKind kind, BatchSampler sampler, long firstStep, long endStep)
    {
        var next = Start(firstStep);
        try
        {
            for (var step = firstStep; step < endStep; step++)
            {
                using var batch = next!.GetAwaiter().GetResult();
                next = Start(step + 1);
                yield return (step, batch);
            }
        }
        finally { next?.GetAwaiter().GetResult().Dispose(); }

        Task<FeatureBatch>? Start(long step) => step < endStep ? Task.Run(() => Gather(step)) : null;

        FeatureBatch Gather(long step)
        {
            var rows = sampler.Batch(step);
            return FeatureBatches.Gather(problem.Features, kind,
                Array.ConvertAll(rows, r => problem.Train.Images[r]), Array.ConvertAll(rows, r => problem.Train.Labels[r]));
        }
    }
}
