using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>A model that can be asked in words what a picture shows, for example "wing color: [MASK]".</summary>
public interface IPromptedModel
{
    /// <summary>A class has an attribute when its value (0..1) reaches this, in the sentences that the model learned from.</summary>
    double PresenceThreshold { get; }

    /// <summary>How strongly each attribute answers the question of its group; no gradient. Comparable within a group.</summary>
    /// <param name="features">As for <see cref="IZslModel.Forward"/>.</param>
    /// <returns>[batch, attributes], not negative; the caller owns it. Null when the model's sentences are not about the attributes.</returns>
    Tensor? PromptedAttributes(Tensor features);
}
