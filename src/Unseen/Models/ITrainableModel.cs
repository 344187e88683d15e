using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>A model that the trainer fits by gradient steps and that scores images in every state of its training.</summary>
public interface ITrainableModel : IZslModel, ITrainable
{
    /// <summary>The loss terms of one batch. Random draws come from torch's global generator, which the trainer seeds for every step.</summary>
    /// <param name="features">[batch, regions, visual], 32-bit.</param>
    /// <param name="labels">Class ids of the problem [batch], int64.</param>
    IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels);

    /// <inheritdoc/>
    IReadOnlyList<LossTerm> ITrainable.Losses(Tensor features, Tensor labels, int part) => Losses(features, labels);
}
