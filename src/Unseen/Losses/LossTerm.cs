using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>A named, weighted term of a loss; the total is the sum of weight times value.</summary>
/// <param name="Name">Short name under which it is logged, for example "ce".</param>
/// <param name="Weight">Factor in the total.</param>
/// <param name="Value">Scalar tensor.</param>
public sealed record LossTerm(string Name, double Weight, Tensor Value);
