using Unseen.Models.Duet;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>Named options and training settings of DUET: table 4 of the paper, and the scripts of the authors' code.</summary>
internal static class DuetPresets
{
    /// <summary>For the small text encoder, which starts from nothing (inferred: chosen on validation classes of CUB-127).</summary>
    public static TrainingRecipe Recipe { get; } =
        new() { Epochs = 10, BatchSize = 50, LearningRate = 1e-3, Schedule = ScheduleKind.Cosine, Optimiser = OptimiserKind.AdamW, Sampler = SamplerKind.Shuffled };

    /// <summary>AdamW at 3e-5 in batches of 50, for encoders that are trained already.</summary>
    private static readonly TrainingOptions Paper =
        new() { Epochs = 30, BatchSize = 50, LearningRate = 3e-5, Optimiser = OptimiserKind.AdamW, Schedule = ScheduleKind.Constant };

    /// <summary>Adam at 3e-5, times 0.8 every 10 of 30 epochs; a new optimiser for every epoch, gradients of small batches added up.</summary>
    private static readonly TrainingOptions Code = Paper with
    {
        Optimiser = OptimiserKind.Adam,
        Schedule = ScheduleKind.Step,
        DecayFactor = 0.8,
        DecayEpochs = 10,
        ResetOptimiser = true,
    };

    private static readonly DuetOptions Cub = new();
    private static readonly DuetOptions Awa2 = new() { ReconstructionWeight = 1, AttributeContrastWeight = 0.01, SentenceLimit = 150 };
    private static readonly DuetOptions Sun = Awa2 with { GroundingShare = 0.5 };

    public static IReadOnlyList<MethodPreset> All { get; } =
    [
        new("duet-small", "For cached features: the paper's losses and coefficients of CUB, the small text encoder, a linear path beside the cross layer (inferred)",
            Cub with { VisualSkip = true }),
        new("duet-cub", "The paper's coefficients and training for CUB (table 4)", Cub, Paper),
        new("duet-sun", "The paper's coefficients and training for SUN (table 4)", Sun, Paper),
        new("duet-awa2", "The paper's coefficients and training for AWA2 (table 4)", Awa2, Paper),
        new("duet-awa2-kg", "The paper's coefficients and training for AWA2 with a knowledge graph (table 4)", Awa2 with { ReconstructionWeight = 0.5 }, Paper),
        new("duet-code", "The authors' code for CUB: its losses, sampling and training", AsCode(Cub), Code with { BatchSize = 70, Accumulation = 10 }),
        new("duet-code-sun", "The authors' code for SUN", AsCode(Sun) with { GroundingShare = 0.4 }, Code with { BatchSize = 56, Accumulation = 7 }),
        new("duet-code-awa2", "The authors' code for AWA2", AsCode(Awa2), Code with { Accumulation = 5 }),
    ];

    private static DuetOptions AsCode(DuetOptions options) => options with
    {
        LossForm = DuetLossForm.Code,
        TiedTokenHead = false,
        MaskPadding = false,
        MaskSampling = DuetMaskSampling.LinearWeightedStretched,
        AttributeLimit = 30,
        CandidateShare = 0.5,
    };
}
