using CsCheck;
using Unseen.Evaluation;
using Xunit;

namespace Unseen.Tests.Evaluation;

public sealed class TemperatureFitTests
{
    [Fact]
    public void TwoImagesHaveATemperatureThatCanBeCalculated()
    {
        // Margin of the right class: +2 in three images of four, -2 in the fourth. Then p(right of margin 2) = 3/4: T = 2 / ln 3.
        var table = new ScoreTable([2, 0, 2, 0, 2, 0, 2, 0, 0, 2, 0, 2, 0, 2, 0, 2], [0, 0, 0, 1, 1, 1, 1, 0], [true, false]);
        Assert.Equal(2 / Math.Log(3), TemperatureFit.Fit(table, gamma: 0)!.Value, 1e-5);
    }

    [Fact]
    public void NoOtherTemperatureHasALowerNegativeLogLikelihood() => Gen.Int[1, 10_000].Sample(seed =>
    {
        var (table, gamma) = (Random(seed), 0.3);
        var fitted = TemperatureFit.Fit(table, gamma)!.Value;
        var least = NaiveLoss(table, gamma, fitted);
        Assert.All(new[] { 0.5, 0.9, 0.99, 1.01, 1.1, 2 }, factor => Assert.True(least <= NaiveLoss(table, gamma, fitted * factor) + 1e-9));
    }, iter: 50);

    [Fact]
    public void ScoresOfAnotherUnitHaveATemperatureOfThatUnit()
    {
        var table = Random(3);
        var thousandth = table with { Scores = Array.ConvertAll(table.Scores, s => s / 1000) };
        Assert.Equal(TemperatureFit.Fit(table, 0.4)!.Value, 1000 * TemperatureFit.Fit(thousandth, 0.0004)!.Value, 1e-3);
    }

    [Fact]
    public void EveryClassWithImagesCountsTheSame()
    {
        var table = Random(4);
        var ofFirst = Enumerable.Range(0, table.Images).Where(i => table.Labels[i] == 0).ToArray();
        var repeated = new ScoreTable(
            [.. table.Scores, .. ofFirst.SelectMany(i => table.Row(i).ToArray())], [.. table.Labels, .. ofFirst.Select(_ => 0)], table.SeenClass);
        Assert.Equal(TemperatureFit.Fit(table, 0)!.Value, TemperatureFit.Fit(repeated, 0)!.Value, 1e-4);
    }

    [Fact]
    public void WithoutAMistakeTheTemperatureIsSmallAndWithoutSenseItIsLargeButBothAreFinite()
    {
        var right = TemperatureFit.Fit(new ScoreTable([1, 0, 0, 1], [0, 1], [true, false]), 0)!.Value;
        var wrong = TemperatureFit.Fit(new ScoreTable([0, 1, 1, 0], [0, 1], [true, false]), 0)!.Value;
        Assert.InRange(right, 1e-5, 1e-2);
        Assert.InRange(wrong, 100, 1e5);
    }

    [Fact]
    public void ThereIsNothingToFitWithoutImagesOrDifferences()
    {
        Assert.Null(TemperatureFit.Fit(new ScoreTable([], [], [true, false]), 0));
        Assert.Null(TemperatureFit.Fit(new ScoreTable([3, 3], [0], [true, false]), 0));
    }

    private static ScoreTable Random(int seed)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, 60).Select(_ => random.Next(5)).ToArray();
        var scores = labels.SelectMany(l => Enumerable.Range(0, 5).Select(c => 2 * random.NextSingle() + (c == l ? 0.7f : 0))).ToArray();
        return new ScoreTable(scores, labels, [true, true, true, false, false]);
    }

    private static double NaiveLoss(ScoreTable table, double gamma, double temperature)
    {
        var perClass = Enumerable.Range(0, table.Classes).Select(_ => new List<double>()).ToArray();
        for (var i = 0; i < table.Images; i++)
        {
            var calibrated = Enumerable.Range(0, table.Classes).Select(c => (table.Row(i)[c] - (table.SeenClass[c] ? gamma : 0)) / temperature).ToArray();
            perClass[table.Labels[i]].Add(Math.Log(calibrated.Sum(Math.Exp)) - calibrated[table.Labels[i]]);
        }
        return perClass.Where(losses => losses.Count > 0).Average(losses => losses.Average());
    }
}
