using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>
/// Class scores as a product: ClassScores = Attributes · ClassVectorsᵀ, plus a constant per class such as a margin. It makes the part of each
/// attribute in a decision exact: a_k (z_ck - z_dk) is what attribute k adds to the lead of class c over class d.
/// </summary>
/// <param name="Attributes">What the image has, a [batch, attributes], on the scale of the model.</param>
/// <param name="ClassVectors">What a class is weighed with, z [classes, attributes]. May be the model's own: neither dispose nor change it.</param>
public sealed record AttributeProduct(Tensor Attributes, Tensor ClassVectors);
