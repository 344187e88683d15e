using Unseen.Data;
using Unseen.Models.Generative.Mlis;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>Every part of MLIS has the loss of the straightforward port, with the same random numbers.</summary>
public sealed class MlisParityTests
{
    [Fact]
    public void TheLossesOfAllPartsEqualTheStraightforwardPort()
    {
        using var scope = NewDisposeScope();
        var problem = TinyProblem.Create();
        var options = (MlisOptions)SmallGenerators.Narrow(new MlisOptions { GeneratorRefinementWeight = 0.3, MetricWeight = 0.7 });
        using var training = (MlisTraining)GenerativeTrainingTests.Create(options);
        var vectors = nn.functional.normalize(tensor(problem.Semantics.Values), dim: 1);
        var port = new StraightforwardMlis(training, options, vectors, problem.UnseenClasses);
        var (x, y) = (rand(16, 12), tensor(new long[] { 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0, 1, 2, 3 }));
        var scaled = Scaled(problem, x);
        Close(() => port.CriticLoss(scaled, y), () => Total(training, x, y, 0));
        Close(() => port.GeneratorLoss(y), () => Total(training, x, y, 1));
        Close(() => port.EncoderLoss(scaled, y), () => Total(training, x, y, 2));
    }

    private static void Close(Func<Tensor> expected, Func<Tensor> found)
    {
        manual_seed(7);
        var value = expected().item<float>();
        manual_seed(7);
        Assert.Equal(value, found().item<float>(), 1e-3 * Math.Max(1, Math.Abs(value)));
    }

    private static Tensor Scaled(ZslProblem problem, Tensor raw)
    {
        using var scaler = Unseen.Models.Generative.FeatureScaler.Create(default, problem, CancellationToken.None);
        return scaler.Scale(raw);
    }

    private static Tensor Total(MlisTraining training, Tensor x, Tensor y, int part) =>
        training.Losses(x, y, part).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b);
}
