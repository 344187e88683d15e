using TorchSharp.Modules;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Training;

/// <summary>Every optimiser against its rule, number by number.</summary>
public sealed class OptimiserTests
{
    private const int Size = 5;
    private const double Rate = 0.01;
    private const double Decay = 0.1;
    private const double Momentum = 0.9;

    [Theory]
    [InlineData(OptimiserKind.RmsProp)]
    [InlineData(OptimiserKind.Adam)]
    [InlineData(OptimiserKind.AdamW)]
    [InlineData(OptimiserKind.Sgd)]
    public void Steps_follow_the_rule(OptimiserKind kind)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var start = randn(Size);
        var parameter = new Parameter(start.clone());
        var expected = start.data<float>().Select(v => (double)v).ToArray();
        var recipe = new TrainingRecipe
        {
            Optimiser = kind,
            LearningRate = Rate,
            WeightDecay = Decay,
            Momentum = Momentum,
            Beta1 = 0.8,
            Beta2 = 0.99,
        };
        using var optimiser = Optimisers.Create(recipe, [parameter]);
        var states = expected.Select(_ => new double[2]).ToArray();
        for (var step = 1; step <= 30; step++)
        {
            var gradient = randn(Size) * step;                    // grows, so that averages lag behind
            optimiser.ZeroGradients();
            (parameter * gradient).sum().backward();
            optimiser.Step();
            var values = gradient.data<float>().ToArray();
            for (var i = 0; i < Size; i++) expected[i] = Next(kind, expected[i], values[i], states[i], step);
        }
        Assert.All(parameter.data<float>().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    private static double Next(OptimiserKind kind, double value, double gradient, double[] state, int step)
    {
        if (kind == OptimiserKind.AdamW) value -= Rate * Decay * value;
        else gradient += Decay * value;
        switch (kind)
        {
            case OptimiserKind.RmsProp:
                state[0] = (0.99 * state[0]) + (0.01 * gradient * gradient);
                state[1] = (Momentum * state[1]) + (gradient / (Math.Sqrt(state[0]) + 1e-8));
                return value - (Rate * state[1]);
            case OptimiserKind.Sgd:
                state[0] = step == 1 ? gradient : (Momentum * state[0]) + gradient;
                return value - (Rate * state[0]);
            default:
                state[0] = (0.8 * state[0]) + (0.2 * gradient);
                state[1] = (0.99 * state[1]) + (0.01 * gradient * gradient);
                return value - (Rate * state[0] / (1 - Math.Pow(0.8, step)) / (Math.Sqrt(state[1] / (1 - Math.Pow(0.99, step))) + 1e-8));
        }
    }
}
