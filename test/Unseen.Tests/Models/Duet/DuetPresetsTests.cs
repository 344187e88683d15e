using Unseen.Experiments;
using Unseen.Models.Duet;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Models.Duet;

/// <summary>The presets against the numbers that they are said to hold.</summary>
public sealed class DuetPresetsTests
{
    /// <summary>Table 4: λ_cmr, λ_acl, γ, ρ; γ on v·z (Eq. 22). The rest is section A.5, the same for all.</summary>
    [Theory]
    [InlineData("duet-awa2", 1, 0.01, 0.8, 0.4)]
    [InlineData("duet-cub", 5, 0.001, 0.6, 0.4)]
    [InlineData("duet-sun", 1, 0.01, 0.5, 0.5)]
    [InlineData("duet-awa2-kg", 0.5, 0.01, 0.7, 0.4)]
    public void ThePapersPresetsHoldTable4(string name, double cmr, double acl, double gamma, double rho)
    {
        var o = Options(name);
        Assert.Equal((cmr, acl, gamma, rho), (o.ReconstructionWeight, o.AttributeContrastWeight, o.Calibration, o.GroundingShare));
        Assert.Equal((0.01, 0.001, 0.05, 0.5, 0.05), (o.RegressionWeight, o.SelfCalibrationWeight, o.ContrastWeight, o.PruningRatio, o.Temperature));
        Assert.Equal((DuetCalibrationScale.Logit, DuetVisualFeature.Token, DuetPruning.Share, DuetLossForm.Paper),
            (o.CalibrationScale, o.VisualFeature, o.Pruning, o.LossForm));
    }

    /// <summary>γ of the scripts, on probabilities; batches of the scripts are parts of ours.</summary>
    [Theory]
    [InlineData("duet-code", 0.7, 7)]
    [InlineData("duet-code-sun", 0.4, 8)]
    [InlineData("duet-code-awa2", 0.8, 10)]
    public void ThePresetsOfTheCodeHoldItsScripts(string name, double gamma, int part)
    {
        var o = Options(name);
        Assert.Equal((gamma, DuetCalibrationScale.Probability), (o.Calibration, o.CalibrationScale));
        Assert.Equal((DuetVisualFeature.Logits, DuetPruning.Independent, DuetLossForm.Code), (o.VisualFeature, o.Pruning, o.LossForm));
        var recipe = Preset(name).Training!.Over(DuetPresets.Recipe);
        Assert.Equal((part, part), (o.ContrastBatch, recipe.BatchSize / recipe.Accumulation));
    }

    /// <summary>The row mobilenetv2-duet-end-to-end-reconstruction-01 of the measured results.</summary>
    [Fact]
    public void ThePresetForPicturesIsTheMeasuredOne()
    {
        var small = Options("duet-small");
        Assert.Equal(new() { VisualSkip = true }, small);
        Assert.Equal(small with { Vision = DuetVisionEncoder.MobileNetV2, TrainedVisionBlocks = 3, AttributeContrastWeight = 0, ReconstructionWeight = 0.1 }, Options("duet-mobilenet"));
        Assert.Equal(DuetPresets.Recipe with { Epochs = 8, LearningRate = 3e-4 }, Preset("duet-mobilenet").Training!.Over(DuetPresets.Recipe));
        Assert.Equal(ScheduleKind.Cosine, DuetPresets.Recipe.Schedule);
    }

    private static MethodPreset Preset(string name) => MethodCatalog.Find("duet").Preset(name);

    private static DuetOptions Options(string name) => (DuetOptions)Preset(name).Options;
}
