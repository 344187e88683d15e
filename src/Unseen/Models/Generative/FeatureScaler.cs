using Unseen.Data;
using Unseen.Models.Linear;
using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>Brings raw global features to 0..1 by what the training images show; test images may lie a little outside.</summary>
internal sealed class FeatureScaler : IDisposable
{
    private const float Smallest = 1e-6f;

    private readonly Tensor minimum;  // [visual]
    private readonly Tensor range;    // [visual], above 0

    private FeatureScaler(Tensor minimum, Tensor range)
    {
        this.minimum = minimum.clone().DetachFromDisposeScope();
        this.range = range.clone().DetachFromDisposeScope();
    }

    /// <summary>Reads all training features once, in blocks.</summary>
    public static FeatureScaler Create(FeatureScaling scaling, ZslProblem problem, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var visual = problem.Features.Visual();
        var (low, high) = (full(visual, float.PositiveInfinity), full(visual, float.NegativeInfinity));
        foreach (var (raw, _) in GlobalFeatures.Blocks(problem.Features, problem.Train, cancellation))
        {
            using var block = NewDisposeScope();
            low.copy_(TorchSharp.torch.minimum(low, raw.amin([0L])));
            high.copy_(TorchSharp.torch.maximum(high, raw.amax([0L])));
        }
        if (scaling == FeatureScaling.WholeMinMax)
            (low, high) = (low.min().expand(visual), high.max().expand(visual));
        return new FeatureScaler(low, (high - low).clamp_min(Smallest));
    }

    /// <summary>The scaler of a stored model.</summary>
    public static FeatureScaler Load(IReadOnlyDictionary<string, Tensor> state, long visual) =>
        new(StoredState.Require(state, "feature_minimum", visual), StoredState.Require(state, "feature_range", visual));

    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        [KeyValuePair.Create("feature_minimum", minimum), KeyValuePair.Create("feature_range", range)];

    /// <summary>Scaled features [batch, visual].</summary>
    public Tensor Scale(Tensor raw) => (raw - minimum) / range;

    public FeatureScaler Copy() => new(minimum, range);

    public void Dispose()
    {
        minimum.Dispose();
        range.Dispose();
    }
}
