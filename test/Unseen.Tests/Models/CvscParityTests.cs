using Unseen.Data;
using Unseen.Experiments;
using Unseen.Models.Cvsc;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

/// <summary>Our fused CVsC against the straightforward port, in the authors' form: same weights, same permutations.</summary>
public sealed class CvscParityTests
{
    private const int Seed = 7;
    private static readonly CvscOptions Code = (CvscOptions)MethodCatalog.Find("cvsc").Preset("cvsc-code").Options;

    [Theory]
    [InlineData(1, 4, 3, 5)]
    [InlineData(2, 8, 1, 6)]
    [InlineData(5, 12, 9, 16)]
    [InlineData(7, 20, 4, 33)]
    public void EveryTermAndGradientEqualsThePort(int batch, int attributes, int regions, int visual) =>
        Compare(batch, attributes, regions, visual, Precision.F32, 1e-5);

    /// <summary>bfloat16 keeps 8 bits: 2^-8 per product, so some percent after softmax, normalisation and the sums.</summary>
    [Fact]
    public void Bfloat16ProductsStayWithinSomePercent() => Compare(16, 12, 9, 64, Precision.Bf16, 0.08);

    private static void Compare(int batch, int attributes, int regions, int visual, Precision precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var problem = TinyProblem.Create(attributes: attributes, regions: regions, visual: visual);
        using var model = new CvscModel(Code with { InitialDeviation = 0.3 }, problem, precision);
        var port = Port(model, problem);
        var images = Enumerable.Range(0, batch).Select(i => problem.Train.Images[i * 5 % problem.Train.Count]).ToArray();
        var labels = tensor(Array.ConvertAll(images, i => (long)(i / 8)));
        var features = tensor(TinyProblem.Regions(problem, images)).reshape(batch, regions, visual);

        manual_seed(Seed);
        var ours = model.Losses(features, labels).ToDictionary(t => t.Name);
        var ourTotal = ours.Values.Select(t => t.Weight * t.Value).Aggregate((a, b) => a + b);
        ourTotal.backward();

        var result = port.Forward(features.transpose(1, 2), Orders(batch, attributes, visual));
        var theirs = port.Losses(result, labels);
        var theirTotal = StraightforwardCvsc.Total(theirs);
        theirTotal.backward();

        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach (var (name, value) in theirs) Near(value, ours[name].Value, tolerance, name);
        Near(theirTotal, ourTotal, tolerance, "total");
        manual_seed(Seed);
        var (predicted, counterfactual) = model.Predict(features.to(precision == Precision.Bf16 ? bfloat16 : float32));
        Near(result.Predicted, predicted, tolerance, "predicted attributes");
        Near(result.Counterfactual, counterfactual!, tolerance, "counterfactual attributes");
        foreach (var ((name, parameter), reference) in model.TrainedParameters.Zip(port.Parameters))
            Near(reference.grad!, parameter.grad!, tolerance, $"gradient of {name}");
    }

    private static StraightforwardCvsc Port(CvscModel model, ZslProblem problem) => new(
        model.State["attribute_vectors"], model.State["attention_weight"], model.State["score_weight"], tensor(problem.Semantics.Values),
        Array.ConvertAll(problem.UnseenClasses, c => (long)c));

    /// <summary>The draws of the model in its order; it permutes the weights, so that F is taken in the inverse orders.</summary>
    internal static StraightforwardCvsc.Permutations Orders(int batch, int attributes, int visual)
    {
        manual_seed(Seed);
        var (b, a, v) = (randperm(batch), randperm(attributes), randperm(visual));
        return new StraightforwardCvsc.Permutations(b, a.argsort(), v.argsort());
    }

    /// <summary>Relative to the largest entry of the expected tensor.</summary>
    private static void Near(Tensor expected, Tensor actual, double tolerance, string name)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (expected - actual).abs().max().item<float>() / Math.Max(1e-6, expected.abs().max().item<float>());
        Assert.True(error <= tolerance, $"{name}: relative error {error:G3}");
    }
}
