using Unseen.Models.Generative.Mlis;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>Every part of MLIS has the losses and the gradients of the straightforward port, with the same random numbers, in every form.</summary>
public sealed class MlisParityTests
{
    public static TheoryData<MlisOptions> Forms =>
    [
        new MlisOptions(),
        new MlisOptions { SemanticShare = 0.2 },
        new MlisOptions { Concatenation = Concatenation.Raw, SemanticScale = 1.7 },
        new MlisOptions { Concatenation = Concatenation.AsGiven },
        new MlisOptions { CircleForm = CircleForm.Paper },
        new MlisOptions { CircleForm = CircleForm.Paper, Concatenation = Concatenation.AsGiven },
        new MlisOptions { ImplicitSemantics = false },
        new MlisOptions { MetricLoss = MetricLoss.Contrastive },
        new MlisOptions { MetricLoss = MetricLoss.Contrastive, ImplicitSemantics = false },
        new MlisOptions { MetricLoss = MetricLoss.MultiSimilarity },
        new MlisOptions { MetricLoss = MetricLoss.MultiSimilarity, ImplicitSemantics = false },
        new MlisOptions { RefinementWeight = 0 },
        new MlisOptions { RefineSyntheticSeen = false },
    ];

    /// <summary>γ is small, since it multiplies the rounding of our 32-bit similarities in exponents.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void MlisIsThatOfThePort(MlisOptions variant)
    {
        using var scope = NewDisposeScope();
        var options = (MlisOptions)SmallGenerators.Narrow(variant with { NoiseWidth = 5, CircleScale = 4, GeneratorRefinementWeight = 0.3, MetricWeight = 0.7 });
        using var training = (MlisTraining)GanParityTests.Create(options);
        GanParityTests.RequireEqual(training, new StraightforwardMlis(training, options, GanParityTests.Problem), batch: 20);
    }
}
