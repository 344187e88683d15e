using Unseen.Data;
using Unseen.Models.Duet;
using Xunit;

namespace Unseen.Tests.Models.Duet;

/// <summary>Presence, masking and the choice of classes to contrast with, on a table that fits the eye.</summary>
public sealed class ClassTextsTests
{
    // wing: striped, spotted, plain; size: large, small. Class 4 is unseen.
    private static readonly Fact[] Facts =
        [new("wing", "striped"), new("wing", "spotted"), new("wing", "plain"), new("size", "large"), new("size", "small")];

    private static readonly int[] PromptOf = [0, 0, 0, 1, 1];

    private static readonly float[,] Degrees =
    {
        { 0.9f, 0, 0.1f, 0.8f, 0 },
        { 0.7f, 0, 0, 0, 0.6f },
        { 0, 0.9f, 0, 0.8f, 0.1f },
        { 0, 0.6f, 0.6f, 0.3f, 0.2f },
        { 1, 1, 1, 1, 1 },
    };

    [Fact]
    public void AClassHasWhatReachesTheThresholdAndTheStrongestOfEachPrompt()
    {
        var texts = Create(new());
        Assert.Equal([0, 3], texts.FactsOf(0));
        Assert.Equal([0, 4], texts.FactsOf(1));
        Assert.Equal([1, 2, 3], texts.FactsOf(3)); // 0.3 is the strongest size
        Assert.Empty(texts.FactsOf(4));
    }

    [Fact]
    public void RareAttributesAreMaskedMoreOften()
    {
        var texts = Create(new());                                    // seen classes with striped 2, spotted 2, plain 1, large 3, small 1
        Assert.Equal([1 / 2.0 / (1 / 2.0 + 1 + 1 / 3.0), 1 / (1 / 2.0 + 1 + 1 / 3.0), 1 / 3.0 / (1 / 2.0 + 1 + 1 / 3.0)], texts.Chances([1, 2, 3]));
        Assert.Equal([1 / 3.0, 1 / 3.0, 1 / 3.0], Create(new() { MaskSampling = DuetMaskSampling.Uniform }).Chances([1, 2, 3]));
        var stretched = Create(new() { MaskSampling = DuetMaskSampling.LinearWeightedStretched }).Chances([1, 2, 3]);
        Assert.Equal(0, stretched[2]);                                // the commonest is never drawn
        Assert.Equal(0.25 / 1.25, stretched[0], 1e-12);               // (1/2 - 1/3) / (1 - 1/3) = 0.25 beside 1
    }

    [Fact]
    public void MaskedAttributesAreDrawnWithTheirChances()
    {
        var (texts, random) = (Create(new()), new Random(1));
        var counts = Enumerable.Range(0, 20_000).Select(_ => texts.DrawTarget(3, random)).CountBy(t => t).ToDictionary();
        foreach (var (fact, chance) in new[] { 1, 2, 3 }.Zip(texts.Chances([1, 2, 3])))
            Assert.InRange(counts[fact] / 20_000.0, chance - 0.015, chance + 0.015);
        Assert.Equal(-1, texts.DrawTarget(4, random));
    }

    [Fact]
    public void PruningLeavesTheTargetAndHalfOfTheOthers()
    {
        var (texts, random) = (Create(new() { PruningRatio = 0.5 }), new Random(1));
        for (var i = 0; i < 50; i++)
        {
            var kept = texts.Prune(3, 2, random);
            Assert.Contains(2, kept);
            Assert.Equal(2, kept.Length);
            Assert.Equal(kept.Order(), kept);
        }
        Assert.Equal([1, 2, 3], Create(new() { PruningRatio = 0 }).Prune(3, 2, random));
        Assert.Equal([2], Create(new() { PruningRatio = 1 }).Prune(3, 2, random));
        Assert.Equal(2, Create(new() { PruningRatio = 0, AttributeLimit = 1 }).Prune(3, 2, random).Length);
    }

    [Fact]
    public void TheContrastSharesTheAttributeOrHasAnotherOfItsPrompt()
    {
        var (texts, random) = (Create(new() { NegativeClasses = 3 }), new Random(1));
        for (var i = 0; i < 100; i++)
        {
            var contrast = texts.DrawContrast(0, 0, random)!;          // striped: only class 1 has it too
            Assert.Equal(1, contrast.Positive);
            Assert.Equal(3, contrast.Negatives.Count);
            foreach (var (other, fact) in contrast.Negatives)
            {
                Assert.True(other is 2 or 3);
                Assert.Equal(0, PromptOf[fact]);
                Assert.True(texts.Has(other, fact) && !texts.Has(0, fact));
            }
        }
        Assert.Null(texts.DrawContrast(3, 2, random));                 // nobody else is plain
    }

    /// <summary>Eq. 18-20 by hand: distances of class 2 to 0, 1 and 3 on values stretched by 0.9.</summary>
    [Fact]
    public void AlikeClassesAreNegativesAndUnlikeOnesPositives()
    {
        var random = new Random(2);
        double Distance(int a, int b) => Enumerable.Range(0, 5).Sum(f => Math.Abs(Degrees[a, f] - Degrees[b, f])) / 0.9;
        var texts = Create(new() { NegativeClasses = 1 });
        var draws = Enumerable.Range(0, 20_000).Select(_ => texts.DrawContrast(2, 3, random)!).ToArray(); // large: 0 and 3 as well; small: 1
        var (near, far) = (Math.Pow(Distance(2, 3), 2), Math.Pow(Distance(2, 0), 2));
        Assert.Equal(far / (near + far), draws.Average(d => d.Positive == 0 ? 1.0 : 0), 0.015);
        Assert.All(draws, d => Assert.Equal((1, 4), d.Negatives[0]));
        var best = Create(new() { CandidateShare = 0.3 });
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(0, best.DrawContrast(2, 3, random)!.Positive));
    }

    [Fact]
    public void DegreesOfAllSeenClassesAreStretchedTogether()
    {
        var texts = Create(new());
        Assert.Equal(1, texts.Degree(0, 0), 1e-6);
        Assert.Equal(0.8 / 0.9, texts.Degree(0, 3), 1e-6);
        Assert.Equal(0, texts.Degree(1, 1));
    }

    /// <summary>The authors' code stretches the values of rows of length 1: the least is 0, the greatest that of class 1.</summary>
    [Fact]
    public void InTheFormOfTheCodeDegreesAreThoseOfRowsOfLengthOne()
    {
        var texts = Create(new() { LossForm = DuetLossForm.Code });
        double Unit(int c, int f) => Degrees[c, f] / Math.Sqrt(Enumerable.Range(0, 5).Sum(k => Degrees[c, k] * (double)Degrees[c, k]));
        var greatest = Enumerable.Range(0, 4).SelectMany(c => Enumerable.Range(0, 5).Select(f => Unit(c, f))).Max();
        Assert.Equal(Unit(1, 0), greatest);
        for (var c = 0; c < 4; c++)
            for (var f = 0; f < 5; f++)
                Assert.Equal(Unit(c, f) / greatest, texts.Degree(c, f), 1e-6);
    }

    /// <summary>Each of the two other attributes stays with its own probability: none, one or both.</summary>
    [Fact]
    public void IndependentPruningDrawsEachAttributeOnItsOwn()
    {
        var (texts, random) = (Create(new() { Pruning = DuetPruning.Independent, PruningRatio = 0.3 }), new Random(1));
        var shares = Enumerable.Range(0, 20_000).Select(_ => string.Join(' ', texts.Prune(3, 2, random))).CountBy(k => k).ToDictionary(k => k.Key, k => k.Value / 20_000.0);
        Assert.Equal(0.3 * 0.3, shares["2"], 0.012);
        Assert.Equal(0.3 * 0.7, shares["1 2"], 0.012);
        Assert.Equal(0.3 * 0.7, shares["2 3"], 0.012);
        Assert.Equal(0.7 * 0.7, shares["1 2 3"], 0.016);
    }

    private static ClassTexts Create(DuetOptions options) => new(options, new ClassFacts(Facts, Degrees), PromptOf, [0, 1, 2, 3]);
}
