using Unseen.Experiments;
using Unseen.Models;
using Unseen.Models.Cvsc;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Generative.Mlis;
using Unseen.Models.Linear;
using Unseen.Models.Msdn;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>The presets of the attention and the generative methods against the numbers that they are said to hold: those of the authors' codes.</summary>
public sealed class PresetsTests
{
    /// <summary>λ_cal, λ_dis and shares of MSDN's configurations; on FLO those of CUB.</summary>
    [Theory]
    [InlineData("msdn-cub", 0.1, 0.001, 0.9, 0.1)]
    [InlineData("msdn-cub-czsl", 0.18, 0.001, 0.9, 0.1)]
    [InlineData("msdn-sun", 0.0001, 0.01, 0.7, 0.3)]
    [InlineData("msdn-awa2", 0.12, 1e-7, 1, 0)]
    [InlineData("msdn-awa2-czsl", 0.3, 1e-7, 1, 0)]
    [InlineData("msdn-flo", 0.1, 0.001, 0.9, 0.1)]
    public void MsdnHoldsTheWeightsOfItsCode(string name, double calibration, double distillation, double attributes, double regions)
    {
        var o = Options<MsdnOptions>("msdn", name);
        Assert.Equal((calibration, distillation, attributes, regions), (o.SelfCalibrationWeight, o.DistillationWeight, o.AttributeShare, o.VisualShare));
        Assert.Equal((1, true, CompetingClasses.All, 1), (o.Margin, o.SelfCalibrationOverBatch, o.CompetingClasses, o.InitialDeviation));
        Assert.Equal((VisualHead.Code, DistillationNorm.CodeCubic), (o.VisualHead, o.DistillationNorm));
    }

    /// <summary>Number of images to learn from in the Proposed Split, and ⌊images · epochs / 50⌋, the steps of the codes of MSDN and DAZLE.</summary>
    [Theory]
    [InlineData("msdn", "msdn-cub", 7057, 4234, 50, SamplerKind.Random, 0.9)]
    [InlineData("msdn", "msdn-sun", 10320, 14448, 50, SamplerKind.ClassBalanced, 0.9)]
    [InlineData("msdn", "msdn-awa2", 23527, 23527, 40, SamplerKind.ClassBalanced, 0)]
    [InlineData("dazle", "dazle-cub", 7057, 2822, 50, SamplerKind.Random, 0.9)]
    [InlineData("dazle", "dazle-sun", 10320, 20640, 50, SamplerKind.ClassBalanced, 0.9)]
    [InlineData("dazle", "dazle-awa2", 23527, 9410, 40, SamplerKind.ClassBalanced, 0)]
    public void MsdnAndDazleTakeTheStepsOfTheirCodes(string method, string name, int images, int steps, int batch, SamplerKind sampler, double momentum)
    {
        var recipe = Recipe(method, name);
        Assert.Equal((50, sampler, momentum), (recipe.BatchSize, recipe.Sampler, recipe.Momentum));
        Assert.Equal((OptimiserKind.RmsProp, 1e-4, 1e-4, ScheduleKind.Constant), (recipe.Optimiser, recipe.LearningRate, recipe.WeightDecay, recipe.Schedule));
        Assert.InRange(recipe.Epochs * (double)images / batch, steps * 0.995, steps * 1.005);   // AWA2 has 40 seen classes, so batches of 40
    }

    /// <summary>SUN's notebook has uniform attention on the second level, which is no gate; AWA2's normalises the vectors.</summary>
    [Theory]
    [InlineData("dazle-cub", true, false)]
    [InlineData("dazle-sun", false, false)]
    [InlineData("dazle-awa2", true, true)]
    public void DazleHoldsTheSwitchesOfItsNotebooks(string name, bool gate, bool normalised)
    {
        var o = Options<DazleOptions>("dazle", name);
        Assert.Equal((gate, normalised, 0.1, 1), (o.Gate, o.NormaliseVectors, o.SelfCalibrationWeight, o.Margin));
    }

    [Theory]
    [InlineData("msdn", "msdn-awa2", true)]
    [InlineData("msdn", "msdn-sun", false)]
    [InlineData("msdn", "msdn-cub", false)]
    [InlineData("msdnpp", "msdnpp-cub", true)]
    public void VectorsAreNormalisedWhereTheCodeDoesSo(string method, string name, bool normalised) =>
        Assert.Equal(normalised, Options<AttentionOptions>(method, name).NormaliseVectors);

    /// <summary>SUN has a zero word vector, which the codes keep; FLO has no words, where the codes draw normal vectors.</summary>
    [Fact]
    public void WordVectorsAreThoseOfTheCodes()
    {
        foreach (var method in (string[])["msdn", "dazle"])
        {
            Assert.Equal(ZeroRowPolicy.Keep, Options<AttentionOptions>(method, $"{method}-sun").ZeroRows);
            Assert.Equal(RandomVectors.Normal, Options<AttentionOptions>(method, $"{method}-flo").RandomVectors);
        }
    }

    /// <summary>Of MSDN++ only calibration, distillation and batches have a source, MSDN's code.</summary>
    [Theory]
    [InlineData("msdnpp-cub", 0.13, 0.001, SamplerKind.Random, 20, 20)]
    [InlineData("msdnpp-sun", 0.0001, 0.01, SamplerKind.ClassBalanced, 50, 70)]
    [InlineData("msdnpp-awa2", 0.12, 0.001, SamplerKind.ClassBalanced, 50, 40)]
    [InlineData("msdnpp-flo", 0.13, 0.001, SamplerKind.Random, 20, 20)]
    public void MsdnPlusPlusHoldsWhatItsDocumentationSays(string name, double calibration, double distillation, SamplerKind sampler, int batch, int epochs)
    {
        var (o, recipe) = (Options<MsdnPlusPlusOptions>("msdnpp", name), Recipe("msdnpp", name));
        Assert.Equal((calibration, distillation), (o.SelfCalibrationWeight, o.DistillationWeight));
        Assert.Equal((0.5, 0.5, 0.1, 0.1, 0.001, CounterfactualKind.Negated),
            (o.AttributeShare, o.VisualShare, o.AttributeCausalWeight, o.VisualCausalWeight, o.RegressionWeight, o.Counterfactual));
        Assert.Equal((sampler, batch, epochs), (recipe.Sampler, recipe.BatchSize, recipe.Epochs));
        Assert.Equal((AttributeNormalisation.CentredL2, 0.99), (o.AttributeNormalisation, recipe.WeightAverage));
    }

    /// <summary>Made features, epochs, learning rates of generator and classifier, β; aPY is inferred.</summary>
    [Theory]
    [InlineData("f-clswgan-cub", 300, 56, 1e-4, 1e-3, 0.01)]
    [InlineData("f-clswgan-awa2", 1800, 30, 1e-5, 1e-3, 0.01)]
    [InlineData("f-clswgan-sun", 400, 54, 2e-4, 5e-4, 0.01)]
    [InlineData("f-clswgan-flo", 1200, 80, 1e-4, 1e-3, 0.1)]
    [InlineData("f-clswgan-apy", 1800, 56, 1e-4, 1e-3, 0.01)]
    public void FClswganHoldsTheFiguresOfItsCode(string name, int made, int epochs, double rate, double classifierRate, double beta)
    {
        var (o, recipe) = (Options<FClswganOptions>("f-clswgan", name), Recipe("f-clswgan", name));
        Assert.Equal((made, 0, classifierRate, beta), (o.SyntheticPerUnseenClass, o.SyntheticPerSeenClass, o.Classifier.LearningRate, o.ClassificationWeight));
        Assert.Equal((5, 10, 0.02, 4096, 4096), (o.CriticSteps, o.GradientPenaltyWeight, o.InitialDeviation, o.GeneratorWidth, o.CriticWidth));
        Assert.Equal((epochs, rate, 64, 0.5, 0.999), (recipe.Epochs, recipe.LearningRate, recipe.BatchSize, recipe.Beta1, recipe.Beta2));
    }

    /// <summary>Made features, epochs, batch, learning rate, width of the comparator, weights in the generator's step, width of the noise.</summary>
    [Theory]
    [InlineData("ce-gzsl-cub", 100, 450, 2048, 1e-4, 2048, 0.001, 0)]
    [InlineData("ce-gzsl-awa2", 2400, 130, 4096, 1e-4, 2048, 0.001, 0)]
    [InlineData("ce-gzsl-sun", 100, 1000, 2048, 5e-5, 1024, 0.01, 0)]
    [InlineData("ce-gzsl-flo", 600, 750, 2048, 1e-4, 1024, 0.01, 512)]
    public void CeGzslHoldsTheFiguresOfItsCode(string name, int made, int epochs, int batch, double rate, int comparator, double weight, int noise)
    {
        var (o, recipe) = (Options<CeGzslOptions>("ce-gzsl", name), Recipe("ce-gzsl", name));
        Assert.Equal((made, comparator, weight, weight, noise),
            (o.SyntheticPerUnseenClass, o.ComparatorWidth, o.InstanceWeight, o.ClassWeight, o.NoiseWidth));
        Assert.Equal((0.1, 0.1, 2048, 512), (o.InstanceTemperature, o.ClassTemperature, o.EncoderWidth, o.ProjectionWidth));
        Assert.Equal(AttributeNormalisation.None, o.AttributeNormalisation);                     // as they come
        Assert.Equal((epochs, batch, rate, 0.5, 0.999), (recipe.Epochs, recipe.BatchSize, recipe.LearningRate, recipe.Beta1, recipe.Beta2));
    }

    /// <summary>Of MLIS, whose numbers of made features are those of CE-GZSL.</summary>
    [Theory]
    [InlineData("mlis-cub", 100, 1e-4)]
    [InlineData("mlis-awa2", 2400, 1e-4)]
    [InlineData("mlis-sun", 100, 5e-5)]
    [InlineData("mlis-flo", 600, 1e-4)]
    [InlineData("mlis-apy", 1800, 1e-4)]
    public void MlisHoldsWhatItsDocumentationSays(string name, int made, double rate)
    {
        var (o, recipe) = (Options<MlisOptions>("mlis", name), Recipe("mlis", name));
        Assert.Equal(new MlisOptions { SyntheticPerUnseenClass = made }, o);
        Assert.Equal((5, 20, 0.25, 80, 10), (o.RefinementPerUnseenClass, o.SyntheticPerSeenClass, o.CircleMargin, o.CircleScale, o.GradientPenaltyWeight));
        Assert.Equal((60, rate, SamplerKind.Episodes, 16, 4, 0.5), (recipe.Epochs, recipe.LearningRate, recipe.Sampler, recipe.Ways, recipe.Shots, recipe.Beta1));
    }

    private static T Options<T>(string method, string preset) where T : MethodOptions => (T)MethodCatalog.Find(method).Preset(preset).Options;

    private static TrainingRecipe Recipe(string method, string preset)
    {
        var found = MethodCatalog.Find(method);
        return (found.Preset(preset).Training ?? new()).Over(found.Recipe!);
    }
}
