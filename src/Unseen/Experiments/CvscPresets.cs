using Unseen.Models.Cvsc;

namespace Unseen.Experiments;

/// <summary>Named options of CVsC.</summary>
internal static class CvscPresets
{
    private static readonly CvscOptions Code = new()
    {
        CrossEntropyWeight = 3,
        SelfCalibrationWeight = 0.4,
        SelfCalibrationOverBatch = true,
        CclDeficitWeight = 1,
        CclNormalisation = CvscNormalisation.BatchNorm,
        LossForm = CvscLossForm.Code,
        Counterfactual = Counterfactual.PermuteAll,
        ZeroRows = ZeroRowPolicy.Keep,
    };

    public static IReadOnlyList<MethodPreset> All { get; } =
    [
        new("cvsc-code", "The authors' code with its terms on (CE 3, calibration 0.4, CCL 0.5, SCI 2, TCI 2, permuted features, batch normalisation)", Code),
        new("cvsc-paper", "The paper's equations and weights (CE 1, calibration 0.13, CCL 0.5, SCI 2, TCI 2)", new CvscOptions()),
        new("cvsc-code-baseline", "The authors' code with CCL, SCI and TCI off, its own defaults", Code with { CclWeight = 0, SciWeight = 0, TciWeight = 0 }),
    ];
}
