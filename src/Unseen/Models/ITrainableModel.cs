using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>A model that the trainer fits by gradient steps.</summary>
public interface ITrainableModel : IZslModel
{
    /// <summary>The trained parameters by name, in a fixed order.</summary>
    IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Parameter)> TrainedParameters { get; }

    /// <summary>The loss terms of one batch. Random draws come from torch's global generator, which the trainer seeds for every step.</summary>
    /// <param name="features">[batch, regions, visual], 32-bit.</param>
    /// <param name="labels">Class ids of the problem [batch], int64.</param>
    IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels);
}
