using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using Unseen.Models;
using Unseen.Models.Generative;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Linear;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>
/// Every part of CE-GZSL and of f-CLSWGAN (and, beside this class, of MLIS) has the losses and the gradients of its straightforward port, with the same random numbers. The
/// unseen classes come first, so a class is not its place among the seen ones.
/// </summary>
public sealed class GanParityTests : IDisposable
{
    private const double Tolerance = 1e-5;                                                     // relative; the port is in 64-bit

    internal static readonly ZslProblem Problem = TinyProblem.UnseenFirst(TinyProblem.Create());

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    /// <summary>7 images are fewer than classes, and all but one of them have no companion; 20 are more.</summary>
    [Theory]
    [InlineData(7, AttributeNormalisation.None)]
    [InlineData(20, AttributeNormalisation.L2)]
    [InlineData(20, AttributeNormalisation.None)]
    public void CeGzslIsThatOfThePort(int batch, AttributeNormalisation normalisation)
    {
        var options = (CeGzslOptions)SmallGenerators.Narrow(new CeGzslOptions
        {
            NoiseWidth = 5,
            AttributeNormalisation = normalisation,
            InstanceWeight = 0.3,
            ClassWeight = 0.7,
            EncoderInstanceWeight = 0.6,
            EncoderClassWeight = 1.4,
            InstanceTemperature = 0.4,
            ClassTemperature = 0.25,
        });
        using var training = (CeGzslTraining)Create(options);
        RequireEqual(training, new StraightforwardCeGzsl(training, options, Problem), batch);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    public void FClswganIsThatOfThePort(int batch)
    {
        var options = (FClswganOptions)SmallGenerators.Narrow(new FClswganOptions { NoiseWidth = 5, ClassificationWeight = 0.3 });
        using var training = (FClswganTraining)Create(options);
        RequireEqual(training, new StraightforwardFClswgan(training, options, Problem), batch);
    }

    /// <summary>What the judge is trained on: scaled features of all training images, under the places of their classes.</summary>
    [Fact]
    public void TheJudgeOfFClswganLearnsWhatThePortSays()
    {
        var options = (FClswganOptions)SmallGenerators.Narrow(new FClswganOptions());
        using var training = (FClswganTraining)Create(options);
        var (judge, port) = (training.Preparation(CancellationToken.None)[0], new StraightforwardFClswgan(training, options, Problem));
        Assert.Equal(Problem.Train.Labels.Select(label => label - 2), judge.Problem.Train.Labels);                    // two unseen ones before
        var expected = port.JudgeLoss(Features(Problem, Problem.Train.Images), Labels(Problem.Train.Labels));
        var found = judge.Trainable.Losses(Features(judge.Problem, judge.Problem.Train.Images), Labels(judge.Problem.Train.Labels), 0).Single();
        (expected + found.Value * found.Weight).backward();
        Close(expected, found.Value, "judge");
        foreach (var (name, parameter) in judge.Trainable.TrainedParameters) Close(port.Gradient(name)!, parameter.grad!, name);
    }

    internal static void RequireEqual(GenerativeTraining training, StraightforwardGan port, int batch)
    {
        int[] rows = [.. Enumerable.Range(0, batch).Select(i => i * 5 % Problem.Train.Count)];
        var x = Features(Problem, Array.ConvertAll(rows, r => Problem.Train.Images[r]));
        var y = Labels(Array.ConvertAll(rows, r => Problem.Train.Labels[r]));
        Func<IReadOnlyList<LossTerm>>[] parts = [() => port.CriticLosses(x, y), () => port.GeneratorLosses(x, y), () => port.EncoderLosses(x, y)];
        foreach (var part in training.Turns.Distinct())
        {
            var losses = parts[part];
            port.ForgetGradients();
            foreach (var (_, parameter) in training.TrainedParameters) parameter.grad = null;
            var (expected, found) = (Differentiated(losses), Differentiated(() => training.Losses(x, y, part)));
            Assert.Equal(expected.Select(t => (t.Name, t.Weight)), found.Select(t => (t.Name, t.Weight)));
            foreach (var (port64, ours) in expected.Zip(found)) Close(port64.Value, ours.Value, ours.Name);
            foreach (var (name, parameter) in training.TrainedParameters.Where(p => training.PartOf(p.Name) == part))
                if (port.Gradient(name) is { } gradient) Close(gradient, parameter.grad!, $"part {part}, {name}");
                else Assert.Null(parameter.grad);
        }
    }

    private static IReadOnlyList<LossTerm> Differentiated(Func<IReadOnlyList<LossTerm>> losses)
    {
        manual_seed(7);
        var terms = losses();
        terms.Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        return terms;
    }

    /// <summary>A training whose biases, which start at 0, are not.</summary>
    internal static GenerativeTraining Create(GenerativeOptions options)
    {
        var training = GenerativeTrainingTests.Create(options, Problem);
        IEnumerable<(string Name, Parameter Parameter)> judge = training.Preparation(CancellationToken.None).SelectMany(stage => stage.Trainable.TrainedParameters);
        using var constants = no_grad();
        foreach (var (name, parameter) in training.TrainedParameters.Concat(judge))
            if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.add_(randn_like(parameter) * 0.2);
        return training;
    }

    private static void Close(Tensor expected, Tensor found, string what)
    {
        const double Rounding = 1e-7;                                                          // where terms cancel
        Assert.Equal(expected.shape, found.shape);
        var (difference, length) = ((found - expected).norm().item<double>(), expected.norm().item<double>());
        Assert.True(difference <= Tolerance * length + Rounding, $"{what}: {difference} off {length}");
    }

    private static Tensor Features(ZslProblem problem, int[] images) => FeatureTensor.Read(problem.Features, FeatureKind.Global, images);

    private static Tensor Labels(int[] labels) => tensor(Array.ConvertAll(labels, l => (long)l));
}
