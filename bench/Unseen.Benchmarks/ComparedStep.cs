using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>
/// One training step of a method, forward, backward and optimiser: ours against the straightforward port. Both have the optimiser of the
/// method's recipe, ours as we have it and the port as the native library does.
/// </summary>
internal abstract class ComparedStep(SyntheticProblem data) : IDisposable
{
    /// <summary>Random data of the step.</summary>
    protected SyntheticProblem Data => data;

    /// <summary>Region features in the port's layout [batch, visual, regions].</summary>
    protected Tensor ChannelsFirst { get; } = data.Regions.transpose(1, 2).contiguous();

    /// <summary>Our step.</summary>
    public abstract void Ours();

    /// <summary>The port's step.</summary>
    public abstract void Reference();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        data.Dispose();
        ChannelsFirst.Dispose();
    }
}
