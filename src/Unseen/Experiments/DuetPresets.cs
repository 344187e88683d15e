using Unseen.Models.Duet;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>Named options and training settings of DUET: table 4 of the paper, and the scripts of the authors' code.</summary>
internal static class DuetPresets
{
    /// <summary>For the small text encoder, which starts from nothing (inferred: chosen on validation classes of CUB-127).</summary>
    public static TrainingRecipe Recipe { get; } =
        new() { Epochs = 10, BatchSize = 50, LearningRate = 1e-3, Schedule = ScheduleKind.Cosine, Optimiser = OptimiserKind.AdamW, Sampler = SamplerKind.Shuffled };

    // The patience of the authors' scripts.
    private const int CubPatience = 7, SunPatience = 7, Awa2Patience = 15;

    // With these a class has the attributes that reproduce the paper's counts: those of the binary matrix of AWA2 (all 4250 cells), and the example of its introduction for SUN.
    private const double Awa2Presence = 0.2078, SunPresence = 0.08;

    /// <summary>
    /// AdamW at 3e-5 in batches of 50, for encoders that are trained already. Its weight decay is the usual 0.01 (inferred: the paper names none), epochs and patience are
    /// those of the authors' scripts.
    /// </summary>
    private static readonly TrainingOptions Paper = new()
    {
        Epochs = 30,
        BatchSize = 50,
        LearningRate = 3e-5,
        Optimiser = OptimiserKind.AdamW,
        WeightDecay = 0.01,
        Schedule = ScheduleKind.Constant,
    };

    /// <summary>Adam at 3e-5 without weight decay, times 0.8 every 10 of 30 epochs; a new optimiser for every epoch, gradients of small batches added up.</summary>
    private static readonly TrainingOptions Code = Paper with
    {
        Optimiser = OptimiserKind.Adam,
        WeightDecay = 0,
        Schedule = ScheduleKind.Step,
        DecayFactor = 0.8,
        DecayEpochs = 10,
        ResetOptimiser = true,
    };

    private static readonly DuetOptions Small = new() { VisualSkip = true };
    private static readonly DuetOptions Cub = new() { Calibration = 0.6 };
    private static readonly DuetOptions Awa2 = new() { Calibration = 0.8, ReconstructionWeight = 1, AttributeContrastWeight = 0.01, SentenceLimit = 150, PresenceThreshold = Awa2Presence };
    private static readonly DuetOptions Sun = Awa2 with { Calibration = 0.5, GroundingShare = 0.5, PresenceThreshold = SunPresence };

    public static IReadOnlyList<MethodPreset> All { get; } =
    [
        new("duet-small", "For cached features: the paper's losses and coefficients of CUB, the small text encoder, a linear path beside the cross layer (inferred)",
            Small),
        new("duet-mobilenet", "For pictures: duet-small with the last 3 blocks of MobileNetV2 trained along, without the contrast of attributes (inferred); expects options.visionWeights",
            Small with { Vision = DuetVisionEncoder.MobileNetV2, TrainedVisionBlocks = 3, AttributeContrastWeight = 0, ReconstructionWeight = 0.1 },
            new() { Epochs = 8, LearningRate = 3e-4 }),
        new("duet-cub", Described("CUB", "deit"), Cub, Paper with { Patience = CubPatience }),
        new("duet-sun", Described("SUN", "swin"), Sun, Paper with { Patience = SunPatience }),
        new("duet-awa2", Described("AWA2", "deit"), Awa2, Paper with { Patience = Awa2Patience }),
        new("duet-awa2-kg", Described("AWA2 with a knowledge graph", "deit"), Awa2 with { ReconstructionWeight = 0.5, Calibration = 0.7 }, Paper with { Patience = Awa2Patience }),
        new("duet-code", "The authors' code for CUB: its losses, sampling and training" + Expecting("deit"), AsCode(Cub, gamma: 0.7, part: 7) with { AttributeLimit = 30 },
            Code with { BatchSize = 70, Accumulation = 10, Patience = CubPatience }),
        new("duet-code-sun", "The authors' code for SUN" + Expecting("swin"), AsCode(Sun, gamma: 0.4, part: 8) with { GroundingShare = 0.4 },
            Code with { BatchSize = 56, Accumulation = 7, Patience = SunPatience }),
        new("duet-code-awa2", "The authors' code for AWA2" + Expecting("deit"), AsCode(Awa2, gamma: 0.8, part: 10), Code with { Accumulation = 5, Patience = Awa2Patience }),
    ];

    private static string Described(string dataset, string vision) => $"The paper's coefficients and training for {dataset} (table 4){Expecting(vision)}";

    private static string Expecting(string vision) =>
        $"; expects options.vision={vision} and options.textEncoder=bert with their weights, otherwise runs on cached features with a small untrained text encoder";

    /// <summary>In the form of the authors' code.</summary>
    /// <param name="options">Coefficients of the dataset.</param>
    /// <param name="gamma">Of the script, on probabilities.</param>
    /// <param name="part">Batch of the script, whose gradients are added up: the parts of ours.</param>
    private static DuetOptions AsCode(DuetOptions options, double gamma, int part) => options with
    {
        Calibration = gamma,
        CalibrationScale = DuetCalibrationScale.Probability,
        VisualFeature = DuetVisualFeature.Logits,
        ContrastBatch = part,
        Pruning = DuetPruning.Independent,
        LossForm = DuetLossForm.Code,
        TiedTokenHead = false,
        MaskPadding = false,
        MaskSampling = DuetMaskSampling.LinearWeightedStretched,
        CandidateShare = 0.5,
    };
}
