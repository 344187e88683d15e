using Unseen.Data;
using Unseen.Models.Linear;
using Unseen.Models.Msdn;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

/// <summary>Our fused attention family against the straightforward port: same weights, same random numbers.</summary>
public sealed class MutualAttentionParityTests
{
    private const int Seed = 7;

    public static TheoryData<CounterfactualKind> Kinds => new(Enum.GetValues<CounterfactualKind>());

    [Theory]
    [InlineData(1, 4, 3, 5)]
    [InlineData(5, 12, 9, 16)]
    [InlineData(7, 20, 4, 33)]
    public void MsdnEqualsThePort(int batch, int attributes, int regions, int visual) => Compare(
        new MsdnOptions { DistillationWeight = 0.3 }, new(false, true, 0.1, 0.3, 0, 0, 0), CounterfactualKind.Random, 1e-5, batch, attributes, regions, visual);

    [Theory]
    [InlineData(2, 8, 1, 6)]
    [InlineData(5, 12, 9, 16)]
    [InlineData(7, 20, 4, 33)]
    public void DazleEqualsThePort(int batch, int attributes, int regions, int visual) =>
        Compare(new DazleOptions(), new(true, false, 0.1, 0, 0, 0, 0), CounterfactualKind.Random, 1e-5, batch, attributes, regions, visual);

    /// <summary>Both forms of the distance in the distillation and of the self-calibration.</summary>
    [Theory]
    [InlineData(DistillationNorm.CodeCubic, false)]
    [InlineData(DistillationNorm.L2, true)]
    [InlineData(DistillationNorm.L2, false)]
    public void TheFormsOfTheLossesAreThoseOfThePort(DistillationNorm norm, bool overBatch) => Compare(
        new MsdnOptions { DistillationWeight = 0.3, DistillationNorm = norm, SelfCalibrationOverBatch = overBatch },
        new(false, true, 0.1, 0.3, 0, 0, 0) { Euclidean = norm == DistillationNorm.L2, CalibrationPerImage = !overBatch }, CounterfactualKind.Random, 1e-5);

    [Fact]
    public void TheHeadAndTheDistanceOfTheTextEqualThePort() => Compare(
        (MsdnOptions)Unseen.Experiments.MethodCatalog.Find("msdn").Preset("msdn-paper-head").Options,
        new(false, true, 0.1, 0.001, 0, 0, 0) { PaperHead = true, Euclidean = true }, CounterfactualKind.Random, 1e-5);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void MsdnPlusPlusEqualsThePort(CounterfactualKind kind) => Compare(
        new MsdnPlusPlusOptions { Counterfactual = kind, DistillationWeight = 0.3, AttributeCausalWeight = 0.5, VisualCausalWeight = 0.2, RegressionWeight = 0.3 },
        new(false, true, 0.13, 0.3, 0.5, 0.2, 0.3, Normalise: true), kind, kind == CounterfactualKind.Reversed ? 1e-3 : 1e-5);

    /// <summary>The head of the text has no attended features to permute: those of the other sub-net alone are.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void MsdnPlusPlusWithTheHeadOfTheTextEqualsThePort(CounterfactualKind kind)
    {
        var visual = kind == CounterfactualKind.PermutedFeatures ? 0 : 0.2;
        var options = new MsdnPlusPlusOptions { VisualHead = VisualHead.Paper, Counterfactual = kind, AttributeCausalWeight = 0.5, VisualCausalWeight = visual };
        Assert.Empty(options.Validate());
        Compare(options, new(false, true, 0.13, 0.001, 0.5, visual, 0.001, Normalise: true) { PaperHead = true }, kind,
            kind == CounterfactualKind.Reversed ? 1e-3 : 1e-5);
    }

    /// <summary>Each weight has its own term; of a weight of 0 there is none.</summary>
    [Theory]
    [InlineData(0.5, 0, CounterfactualKind.Negated)]
    [InlineData(0, 0.5, CounterfactualKind.Negated)]
    [InlineData(0.5, 0, CounterfactualKind.PermutedFeatures)]
    [InlineData(0, 0.5, CounterfactualKind.PermutedFeatures)]
    public void ACausalWeightIsThatOfItsOwnSubNet(double attribute, double visual, CounterfactualKind kind)
    {
        var options = new MsdnPlusPlusOptions { Counterfactual = kind, AttributeCausalWeight = attribute, VisualCausalWeight = visual };
        Compare(options, new(false, true, 0.13, 0.001, attribute, visual, 0.001, Normalise: true), kind, 1e-5);
        var problem = TinyProblem.Create();
        using var scope = NewDisposeScope();
        using var model = new MutualAttentionModel(options, problem);
        var features = tensor(TinyProblem.Regions(problem, [0, 9])).reshape(2, 4, 12);
        Assert.Equal(attribute > 0 ? "cau-av" : "cau-va", Assert.Single(model.Losses(features, tensor(new long[] { 0, 1 })),
            t => t.Name.StartsWith("cau", StringComparison.Ordinal)).Name);
    }

    [Theory]
    [InlineData(AttributeNormalisation.L2)]
    [InlineData(AttributeNormalisation.CentredL2)]
    public void ClassVectorsAreNormalisedAsAsked(AttributeNormalisation normalisation) => Compare(
        new MsdnPlusPlusOptions { AttributeNormalisation = normalisation }, new(false, true, 0.13, 0.001, 0.1, 0.1, 0.001, Normalise: true), CounterfactualKind.Negated, 1e-5);

    [Fact]
    public void MsdnPlusPlusWithSharedVectorsEqualsThePort() =>
        Compare(new MsdnPlusPlusOptions { SharedVectors = true, DistillationWeight = 0.3 }, new(false, true, 0.13, 0.3, 0.1, 0.1, 0.001, Normalise: true),
            CounterfactualKind.Negated, 1e-5);

    /// <summary>bfloat16 keeps 8 bits: 2^-8 per product, so some percent after softmax and the sums.</summary>
    [Fact]
    public void Bfloat16ProductsStayWithinSomePercent() => Compare(new MsdnPlusPlusOptions(), new(false, true, 0.13, 0.001, 0.1, 0.1, 0.001, Normalise: true),
        CounterfactualKind.Negated, 0.08, 16, 12, 9, 64, Precision.Bf16);

    private static void Compare(
        AttentionOptions options, StraightforwardMsdn.Weights weights, CounterfactualKind kind, double tolerance,
        int batch = 6, int attributes = 12, int regions = 9, int visual = 16, Precision precision = Precision.F32)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var problem = TinyProblem.Create(attributes: attributes, regions: regions, visual: visual);
        using var model = new MutualAttentionModel(options, problem, precision, RandomState(options, problem));
        var port = new StraightforwardMsdn(
            model.State, ClassValues(options, problem), Array.ConvertAll(problem.UnseenClasses, c => (long)c), weights);
        var images = Enumerable.Range(0, batch).Select(i => problem.Train.Images[i * 5 % problem.Train.Count]).ToArray();
        var labels = tensor(Array.ConvertAll(images, i => (long)(i / 8)));
        var features = tensor(TinyProblem.Regions(problem, images)).reshape(batch, regions, visual);

        manual_seed(Seed);
        var ours = model.Losses(features, labels).ToDictionary(t => t.Name);
        var ourTotal = ours.Values.Select(t => t.Weight * t.Value).Aggregate((a, b) => a + b);
        ourTotal.backward();
        manual_seed(Seed);
        var theirs = port.Losses(features.transpose(1, 2), labels, kind);
        var theirTotal = StraightforwardMsdn.Total(theirs);
        theirTotal.backward();

        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach (var (name, (weight, value)) in theirs)
        {
            Assert.Equal(weight, ours[name].Weight);
            Near(value, ours[name].Value, tolerance, name);
        }
        Near(theirTotal, ourTotal, tolerance, "total");
        foreach (var (name, parameter) in model.TrainedParameters)
            Near(port.Parameters[name].grad!, parameter.grad!, tolerance, $"gradient of {name}");
        Near(port.AttributeNet(features.transpose(1, 2)).Attention, model.Forward(features).Attention!, tolerance, "attention");
    }

    /// <summary>What the port, which gives them length 1, takes for class vectors: centred by hand where the options ask for it.</summary>
    private static Tensor ClassValues(AttentionOptions options, ZslProblem problem)
    {
        var values = (float[,])problem.Semantics.Values.Clone();
        if (options.AttributeNormalisation != AttributeNormalisation.CentredL2) return tensor(values);
        for (var a = 0; a < problem.Semantics.Attributes; a++)
        {
            var mean = problem.SeenClasses.Average(seen => problem.Semantics.Values[seen, a]);
            for (var c = 0; c < problem.Classes; c++) values[c, a] -= mean;
        }
        return tensor(values);
    }

    /// <summary>All weights random: at their own start most of them are 0 and would hide mistakes.</summary>
    internal static Dictionary<string, Tensor> RandomState(AttentionOptions options, ZslProblem problem)
    {
        using var model = new MutualAttentionModel(options, problem);
        return model.State.ToDictionary(s => s.Key, s => s.Key.EndsWith("attribute_vectors", StringComparison.Ordinal) ? s.Value.detach() + 0.1 * randn(s.Value.shape) : randn(s.Value.shape));
    }

    /// <summary>Relative to the largest entry of the expected tensor.</summary>
    private static void Near(Tensor expected, Tensor actual, double tolerance, string name)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (expected - actual).abs().max().item<float>() / Math.Max(1e-6, expected.abs().max().item<float>());
        Assert.True(error <= tolerance, $"{name}: relative error {error:G3}");
    }
}
