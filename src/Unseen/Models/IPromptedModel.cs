using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>A model that can be asked in words what a picture shows, for example "wing color: [MASK]".</summary>
public interface IPromptedModel
{
    /// <summary>How strongly each attribute answers the question of its group; no gradient. Comparable within a group.</summary>
    /// <param name="features">As for <see cref="IZslModel.Forward"/>.</param>
    /// <returns>[batch, attributes], not negative; the caller owns it. Null when the model's sentences are not about the attributes.</returns>
    Tensor? PromptedAttributes(Tensor features);
}
