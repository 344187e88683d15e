using Unseen.Evaluation;
using Xunit;

namespace Unseen.Tests.Evaluation;

public sealed class PromptAccuracyTests
{
    private static readonly string[] Groups = ["wing", "wing", "bill", "wing", "wing", "bill", "alone"];

    // Classes 0 and 1 are seen. Most seen classes have wing 1 (attribute 1) and bill 0 (attribute 2).
    private static readonly float[,] Classes =
    {
        { 0.9f, 0.5f, 1, 0, 0.49f, 0, 1 },
        { 0, 0.8f, 1, 0, 0, 0, 1 },
        { 0, 0, 1, 1, 0, 1, 0 },    // has the whole bill: not judged there
        { 0, 0, 0, 0, 1, 1, 0 },
    };

    [Fact]
    public void TheStrongestOfAGroupAreComparedWithWhatTheClassHas()
    {
        float[] scores =
        [
            0.1f, 0.2f, 0.6f, 0.9f, 0.3f, 0.5f, 1,   // class 0: wing 3, 4, 1: third; bill 2: right
            0.9f, 0.2f, 0.1f, 0.8f, 0.7f, 0.5f, 1,   // class 1: wing 0, 3, 4: none; bill 5: wrong, but among three
            0.1f, 0.2f, 0.1f, 0.8f, 0.7f, 0.5f, 1,   // class 2: wing 3: right
            0.5f, 0.5f, 0.1f, 0.5f, 0.5f, 0.5f, 1,   // class 3: equal, 0, 1, 3 come first: none; bill 5: right
        ];
        var rows = PromptAccuracy.Compute(scores, [0, 1, 2, 3], Groups, Classes, [true, true, false, false], 0.5);
        Assert.Equal(new("bill", 3, 2 / 3.0, 1, 0.5, 2 / 3.0), rows[0]);
        Assert.Equal(new("wing", 4, 0.25, 0.5, (0.5 + 0.25 + 0.25 + 0.25) / 4, 0.5), rows[1]);
        Assert.Equal(["bill", "wing", "all"], rows.Select(r => r.Group));
        var all = rows[2];
        Assert.Equal((7, 3 / 7.0, 5 / 7.0), (all.Judged, all.First, all.AmongThree));
        Assert.Equal((1.5 + 1.25) / 7, all.Chance, 1e-12);
        Assert.Equal(4 / 7.0, all.Common, 1e-12);
    }

    [Fact]
    public void WhatAClassHasBeginsAtThePresence()
    {
        float[] scores = [0, 0, 0, 0, 1, 0, 0];   // class 0: wing 4, of which it has 0.49
        Assert.Equal(0, Wing(0.5).First);
        Assert.Equal(1, Wing(0.49f).First);
        PromptAccuracyRow Wing(double presence) => PromptAccuracy.Compute(scores, [0], Groups, Classes, [true, true, false, false], presence).Single(r => r.Group == "wing");
    }

    [Fact]
    public void NothingJudgedIsNoRow() => Assert.Empty(PromptAccuracy.Compute(new float[1], [0], ["alone"], new float[,] { { 1 } }, [true], 0.5));

    [Fact]
    public void ArraysThatDoNotFitAreRefused() => Assert.Equal(
        "Prompt accuracy: 3 scores of 1 images, 7 groups, class values of 4 classes and 7 attributes, and 2 marks of seen classes do not fit together.",
        Assert.Throws<ShapeException>(() => PromptAccuracy.Compute(new float[3], [0], Groups, Classes, [true, true], 0.5)).Message);
}
