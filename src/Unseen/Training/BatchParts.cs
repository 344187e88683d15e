using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>Cuts the batch of a step into parts whose gradients are added up.</summary>
internal static class BatchParts
{
    /// <summary>Parts of almost the same size, in order, each with its share of the images; the whole batch when there is one part.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="parts">How many parts, at least 1; not more than there are images.</param>
    public static IEnumerable<(Tensor Features, Tensor Labels, double Share)> Of(FeatureBatch batch, int parts)
    {
        var images = batch.Labels.shape[0];
        parts = (int)Math.Min(parts, images);
        if (parts <= 1)
        {
            yield return (batch.Features, batch.Labels, 1);
            yield break;
        }
        for (var (part, start) = (0L, 0L); part < parts; part++)
        {
            var end = images * (part + 1) / parts;
            using var features = batch.Features.narrow(0, start, end - start);
            using var labels = batch.Labels.narrow(0, start, end - start);
            yield return (features, labels, (double)(end - start) / images);
            start = end;
        }
    }
}

/// <summary>The loss terms of one step, averaged over the parts of its batch.</summary>
/// <param name="step">Step, for messages.</param>
internal sealed class StepTerms(long step)
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, (double Sum, double Share)> sums = [];

    /// <summary>Mean of every term over the parts that had it, in the order they came.</summary>
    public IEnumerable<(string Name, double Mean)> Means => names.Select(name => (name, sums[name].Sum / sums[name].Share));

    /// <summary>Weighted sum of all terms, averaged over the parts.</summary>
    public double Total { get; private set; }

    /// <summary>Adds the terms of a part; a NaN stops here, before it can reach the weights.</summary>
    /// <exception cref="TrainingDivergedException">A term is not finite.</exception>
    public void Add(IReadOnlyList<LossTerm> losses, double share)
    {
        foreach (var term in losses)
        {
            var value = term.Value.item<float>();
            if (!float.IsFinite(value)) throw new TrainingDivergedException(step, term.Name);
            if (!sums.TryGetValue(term.Name, out var sum)) names.Add(term.Name);
            sums[term.Name] = (sum.Sum + share * value, sum.Share + share);
            Total += share * term.Weight * value;
        }
    }
}
