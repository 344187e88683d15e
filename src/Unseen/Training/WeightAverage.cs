using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>
/// Exponential moving averages of weights, w̄ ← d w̄ + (1 - d) w after every step, with d = (1 + t)/(10 + t) while that is smaller than the decay, t the steps
/// done: a constant learning rate moves around a middle, to which the average lies nearer (Polyak and Juditsky, SIAM J. Control Optim. 30, 1992).
/// </summary>
internal sealed class WeightAverage
{
    private readonly double decay;
    private readonly Tensor[] weights;
    private readonly KeyValuePair<string, Tensor>[] averages;

    /// <summary>Starts at the present weights.</summary>
    /// <param name="decay">d, above 0 and below 1.</param>
    /// <param name="weights">Weights that are trained; they stay the caller's.</param>
    public WeightAverage(double decay, IReadOnlyList<KeyValuePair<string, Tensor>> weights)
    {
        using var scope = NewDisposeScope();
        this.decay = decay;
        this.weights = [.. weights.Select(w => w.Value)];
        averages = [.. weights.Select(w => KeyValuePair.Create(w.Key, w.Value.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The averages under the names of their weights.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Averages => averages;

    /// <summary>Takes in the weights as they are now.</summary>
    /// <param name="steps">Steps done.</param>
    public void Add(long steps)
    {
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        var kept = Math.Min(decay, (1.0 + steps) / (10 + steps));
        foreach (var (weight, average) in weights.Zip(averages)) average.Value.mul_(kept).add_(weight.detach(), 1 - kept);
    }

    /// <summary>Puts the averages in the place of the weights and the weights in theirs.</summary>
    public void Exchange()
    {
        using var constants = no_grad();
        foreach (var (weight, average) in weights.Zip(averages))
        {
            using var scope = NewDisposeScope();   // one copy at a time
            var before = weight.detach().clone();
            weight.copy_(average.Value);
            average.Value.copy_(before);
        }
    }

    /// <summary>Frees the averages.</summary>
    public void Release()
    {
        foreach (var (_, average) in averages) average.Dispose();
    }
}
