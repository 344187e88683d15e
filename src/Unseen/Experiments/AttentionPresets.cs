using Unseen.Models;
using Unseen.Models.Cvsc;
using Unseen.Models.Msdn;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>Named options and training settings of DAZLE, MSDN and MSDN++.</summary>
internal static class AttentionPresets
{
    /// <summary>What the authors' codes share: RMSprop 1e-4 with momentum and weight decay, random batches of 50, constant rate.</summary>
    public static TrainingRecipe Recipe { get; } = new()
    {
        BatchSize = 50,
        LearningRate = 1e-4,
        Optimiser = OptimiserKind.RmsProp,
        Momentum = 0.9,
        WeightDecay = 1e-4,
        Sampler = SamplerKind.Random,
    };

    /// <summary>
    /// MSDN++ (inferred: that of CVsC's code, with which it shares an author; on validation classes of CUB-127 it beat MSDN's). Averaged weights are ours
    /// (ADR 23).
    /// </summary>
    public static TrainingRecipe MsdnPlusPlusRecipe { get; } = new()
    {
        Epochs = 20,
        BatchSize = 20,
        LearningRate = 1e-3,
        Beta1 = 0.5,
        Sampler = SamplerKind.Random,
        WeightAverage = 0.99,
    };

    /// <summary>A class-balanced batch of MSDN's code: as many classes as fit, one image each.</summary>
    private static readonly TrainingOptions Sun = new() { Epochs = 70, BatchSize = 50, Sampler = SamplerKind.ClassBalanced };

    /// <summary>40 seen classes give batches of 40, so that 40 epochs are the 23527 steps of the code.</summary>
    private static readonly TrainingOptions Awa2 = new() { Epochs = 40, BatchSize = 50, Sampler = SamplerKind.ClassBalanced, Momentum = 0 };

    /// <summary>DAZLE's code takes 9410 such steps on AWA2, 20 epochs of its batches of 50: 16 of batches of 40.</summary>
    private static readonly TrainingOptions DazleOnAwa2 = Awa2 with { Epochs = 16 };

    private const double SunCalibration = 0.0001, SunDistillation = 0.01, Awa2Calibration = 0.12;

    private static readonly MsdnOptions MsdnOnSun =
        new() { SelfCalibrationWeight = SunCalibration, DistillationWeight = SunDistillation, AttributeShare = 0.7, VisualShare = 0.3, ZeroRows = ZeroRowPolicy.Keep };

    // The second sub-net has no share in the prediction, but shapes the attribute vectors that MSDN's sub-nets share; those of MSDN++ do not, so it keeps its equal shares.
    private static readonly MsdnOptions MsdnOnAwa2 =
        new() { SelfCalibrationWeight = Awa2Calibration, DistillationWeight = 1e-7, AttributeShare = 1, VisualShare = 0, NormaliseVectors = true };

    public static IReadOnlyList<MethodPreset> Msdn { get; } =
    [
        new("msdn-cub", "The authors' code for CUB (calibration 0.1, distillation 0.001, shares 0.9 and 0.1)", new MsdnOptions()),
        new("msdn-cub-czsl", "The same for conventional zero-shot learning (calibration 0.18)", new MsdnOptions { SelfCalibrationWeight = 0.18 }),
        new("msdn-sun", "The authors' code for SUN (calibration 0.0001, distillation 0.01, shares 0.7 and 0.3)", MsdnOnSun, Sun),
        new("msdn-awa2", "The authors' code for AWA2 (calibration 0.12, distillation 1e-7, first sub-net only in the prediction)",
            MsdnOnAwa2, Awa2),
        new("msdn-awa2-czsl", "The same for conventional zero-shot learning (calibration 0.3)", MsdnOnAwa2 with { SelfCalibrationWeight = 0.3 }, Awa2),
        new("msdn-flo", "FLO: no source gives settings; those of CUB, attribute vectors as the code draws them without words",
            new MsdnOptions { RandomVectors = RandomVectors.Normal }),
        new("msdn-paper-head", "CUB with the visual-to-attribute head and the distance that the paper's text describes (partly inferred)",
            new MsdnOptions { VisualHead = VisualHead.Paper, DistillationNorm = DistillationNorm.L2 }),
    ];

    public static IReadOnlyList<MethodPreset> MsdnPlusPlus { get; } =
    [
        new("msdnpp-cub", "MSDN's distillation for CUB; shares, start, causal effects, regression and training inferred", new MsdnPlusPlusOptions()),
        new("msdnpp-sun", "MSDN's calibration, distillation and batches for SUN; the rest inferred",
            new MsdnPlusPlusOptions { SelfCalibrationWeight = SunCalibration, DistillationWeight = SunDistillation }, Sun),
        new("msdnpp-awa2", "MSDN's calibration and batches for AWA2; the rest inferred", new MsdnPlusPlusOptions { SelfCalibrationWeight = Awa2Calibration }, Awa2),
        new("msdnpp-flo", "FLO: no source gives settings; those of CUB", new MsdnPlusPlusOptions()),
    ];

    public static IReadOnlyList<MethodPreset> Dazle { get; } =
    [
        new("dazle-cub", "The authors' code for CUB (calibration 0.1, 20 epochs)", new DazleOptions()),
        new("dazle-sun", "The authors' code for SUN (no gate, class-balanced batches, 100 epochs)",
            new DazleOptions { Gate = false, ZeroRows = ZeroRowPolicy.Keep }, Sun with { Epochs = 100 }),
        new("dazle-awa2", "The authors' code for AWA2 (vectors normalised, class-balanced batches, no momentum)",
            new DazleOptions { NormaliseVectors = true }, DazleOnAwa2),
        new("dazle-flo", "FLO: no source gives settings; those of CUB, attribute vectors as the code draws them without words",
            new DazleOptions { RandomVectors = RandomVectors.Normal }),
    ];
}
