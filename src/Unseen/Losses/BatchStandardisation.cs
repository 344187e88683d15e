using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>Batch normalisation without parameters: zero mean and unit biased variance per column.</summary>
public static class BatchStandardisation
{
    private const double Epsilon = 1e-5;

    /// <summary>Standardises the columns of [rows, columns]; a single row is returned as it is.</summary>
    public static Tensor Compute(Tensor values)
    {
        Shape.Require(values, nameof(values), -1, -1);
        if (values.shape[0] == 1) return values;
        var centred = values - values.mean([0], keepdim: true);
        return centred * (centred.square().mean([0], keepdim: true) + Epsilon).rsqrt();
    }
}
