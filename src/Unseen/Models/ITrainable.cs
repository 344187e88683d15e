using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>
/// What the trainer fits by gradient steps. It may consist of several parts that learn in turns, each with an optimiser of its own, such as
/// the critic and the generator of a GAN; without a word about it, there is one part.
/// </summary>
public interface ITrainable : IFeatureReader
{
    /// <summary>The trained parameters by name, in a fixed order.</summary>
    IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Parameter)> TrainedParameters { get; }

    /// <summary>The part that learns in each step of a cycle; an epoch has a cycle where it would have a step with one part.</summary>
    IReadOnlyList<int> Turns => [0];

    /// <summary>The part a parameter belongs to, from 0.</summary>
    /// <param name="parameter">Name as in <see cref="TrainedParameters"/>.</param>
    int PartOf(string parameter) => 0;

    /// <summary>
    /// The loss terms of one batch for the part whose turn it is; no gradient may reach the parameters of another part. Random draws come
    /// from torch's global generator, which the trainer seeds for every step.
    /// </summary>
    /// <param name="features">[batch, regions, visual] or [batch, visual], 32-bit.</param>
    /// <param name="labels">Class ids of the problem [batch], int64.</param>
    /// <param name="part">Part that learns.</param>
    IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels, int part);
}
