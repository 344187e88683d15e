using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>A trained zero-shot classifier over fixed features. Not thread-safe; the creator disposes it.</summary>
public interface IZslModel : IFeatureReader
{
    /// <summary>Scores a batch; no gradient. The caller owns the tensors of the output (or its dispose scope does).</summary>
    /// <param name="features">[batch, regions, visual] or [batch, visual], 32-bit.</param>
    ModelOutput Forward(Tensor features);

    /// <summary>Promises that the weights no longer change, so that what depends on them alone is computed once.</summary>
    void Freeze() { }

    /// <summary>The learned tensors by name, for model.safetensors; owned by the model.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }
}
