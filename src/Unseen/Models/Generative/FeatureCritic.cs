using TorchSharp.Modules;
using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>
/// D: (x‖a) → hidden, leaky ReLU → score, without activation. Its gradient penalty has a closed form: ∇ₓD = W_x (m ⊙ w₂) with m the slopes
/// of the leaky ReLUs, which are constant almost everywhere. So no derivative of a derivative is needed; and since the first layer is
/// affine and the two ends of an interpolation share their class, its inner values are the interpolated ones, which need no product.
/// </summary>
internal sealed class FeatureCritic : IDisposable
{
    private readonly ConditionalDense hidden;
    private readonly Parameter outputWeight;  // [hidden]
    private readonly Parameter outputBias;    // [1]

    public FeatureCritic(GenerativeOptions options, long attributes, long visual, Precision precision)
    {
        hidden = new ConditionalDense("critic/hidden", visual, attributes, options.CriticWidth, options.InitialDeviation, precision);
        outputWeight = Layer.Normal(options.InitialDeviation, options.CriticWidth);
        outputBias = Layer.Normal(0, 1);
    }

    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        [.. hidden.Parameters, ("critic/output_weight", outputWeight), ("critic/output_bias", outputBias)];

    /// <summary>Mean of D over a batch with frozen weights: what a generator raises.</summary>
    public Tensor FrozenScore(Tensor x, Tensor classVectors, Tensor labels)
    {
        var inner = hidden.Input(x, frozen: true) + hidden.Condition(classVectors, labels, frozen: true);
        return (Layer.LeakyRelu(inner).mv(outputWeight.detach()) + outputBias.detach()).mean();
    }

    /// <summary>E[D(fake)] - E[D(real)], and the gradient penalty without its weight (Eq. 2 of MLIS), at random interpolations.</summary>
    /// <param name="real">Features of images [batch, visual].</param>
    /// <param name="fake">Made features of the same labels [batch, visual], without a way for gradients.</param>
    /// <param name="classVectors">[classes, attributes].</param>
    /// <param name="labels">[batch], int64.</param>
    /// <param name="share">Share of the real feature in each interpolation [batch, 1], 0..1.</param>
    public (Tensor Wasserstein, Tensor Penalty) Losses(Tensor real, Tensor fake, Tensor classVectors, Tensor labels, Tensor share)
    {
        var condition = hidden.Condition(classVectors, labels);                                // [batch, hidden]
        var inner = hidden.Input(cat([real, fake])).chunk(2);
        var (realInner, fakeInner) = (inner[0] + condition, inner[1] + condition);
        var wasserstein = Score(fakeInner).mean() - Score(realInner).mean();
        return (wasserstein, GradientPenaltyLoss.Compute(InputGradient(Interpolate(realInner, fakeInner, share))));
    }

    /// <summary>D [batch] from the inner values.</summary>
    private Tensor Score(Tensor inner) => Layer.LeakyRelu(inner).mv(outputWeight) + outputBias;

    /// <summary>∇ₓD [batch, visual] at inner values, as a function of the weights.</summary>
    private Tensor InputGradient(Tensor inner) => hidden.Backward(Slopes(inner) * outputWeight);

    private static Tensor Interpolate(Tensor real, Tensor fake, Tensor share)
    {
        using var constants = no_grad();
        return fake + share * (real - fake);
    }

    private static Tensor Slopes(Tensor inner)
    {
        using var constants = no_grad();
        return inner.gt(0).to(float32) * (1 - Layer.Slope) + Layer.Slope;
    }

    public void Dispose()
    {
        hidden.Dispose();
        outputWeight.Dispose();
        outputBias.Dispose();
    }
}
