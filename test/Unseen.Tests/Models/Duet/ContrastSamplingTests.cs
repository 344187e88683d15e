using Unseen.Data;
using Unseen.Models.Duet;
using Xunit;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// What is drawn for a contrast of attributes, and how often, against probabilities computed by hand. Degrees reach from 0 to 1, so stretching
/// leaves them as they are.
/// </summary>
public sealed class ContrastSamplingTests
{
    private const int Draws = 40_000;
    private const double Tolerance = 0.012; // more than four deviations of a share of so many draws
    private const int Striped = 0, Spotted = 1, Plain = 2, Small = 4;

    private static readonly Fact[] Facts =
        [new("wing", "striped"), new("wing", "spotted"), new("wing", "plain"), new("size", "large"), new("size", "small")];

    private static readonly int[] PromptOf = [0, 0, 0, 1, 1];

    // Manhattan distances of class 0 to the others: 1.9, 2, 3, 4.
    private static readonly float[,] Degrees =
    {
        { 1, 0, 0, 0.8f, 0 },
        { 0.9f, 0, 0, 0, 1 },
        { 0, 1, 0, 0.8f, 0 },
        { 0, 1, 0, 0.3f, 0.5f },
        { 0, 1, 1, 0.3f, 0.5f },
    };

    /// <summary>Eq. 19: 1/2² : 1/3² : 1/4² = 36 : 16 : 9.</summary>
    [Fact]
    public void SimilarClassesAreNegativesMoreOften()
    {
        var shares = Shares(new() { NegativeClasses = 1 }, c => c.Negatives[0].Class);
        Assert.Equal(36 / 61.0, shares[2], Tolerance);
        Assert.Equal(16 / 61.0, shares[3], Tolerance);
        Assert.Equal(9 / 61.0, shares[4], Tolerance);
    }

    /// <summary>The second class is drawn among those that are left, in proportion to what they had.</summary>
    [Fact]
    public void NegativeClassesAreDrawnWithoutReplacement()
    {
        var shares = Shares(new() { NegativeClasses = 2 }, c => (c.Negatives[0].Class, c.Negatives[1].Class));
        Assert.Equal(6, shares.Count);
        Assert.Equal(36 / 61.0 * 16 / 25, shares[(2, 3)], Tolerance);
        Assert.Equal(36 / 61.0 * 9 / 25, shares[(2, 4)], Tolerance);
        Assert.Equal(16 / 61.0 * 36 / 45, shares[(3, 2)], Tolerance);
        Assert.Equal(16 / 61.0 * 9 / 45, shares[(3, 4)], Tolerance);
        Assert.Equal(9 / 61.0 * 36 / 52, shares[(4, 2)], Tolerance);
        Assert.Equal(9 / 61.0 * 16 / 52, shares[(4, 3)], Tolerance);
    }

    /// <summary>Half of three candidates and one more, as the authors' code counts: the two nearest, 36 : 16.</summary>
    [Fact]
    public void NegativesComeFromTheBestShareOfTheCandidates()
    {
        var shares = Shares(new() { NegativeClasses = 1, CandidateShare = 0.5 }, c => c.Negatives[0].Class);
        Assert.Equal([2, 3], shares.Keys.Order());
        Assert.Equal(36 / 52.0, shares[2], Tolerance);
        Assert.Equal([2], Shares(new() { NegativeClasses = 1, CandidateShare = 0.1 }, c => c.Negatives[0].Class).Keys);
    }

    [Fact]
    public void WithTooFewCandidatesEachComesBeforeAnyComesAgain()
    {
        var (texts, random) = (Texts(new() { NegativeClasses = 5 }), new Random(3));
        for (var i = 0; i < 100; i++)
        {
            int[] classes = [.. texts.DrawContrast(0, Striped, random)!.Negatives.Select(n => n.Class)];
            Assert.Equal([2, 3, 4], classes[..3].Order());
            Assert.NotEqual(classes[3], classes[4]);
        }
    }

    /// <summary>Class 4 has two attributes of the prompt that class 0 lacks.</summary>
    [Fact]
    public void TheOtherAttributeOfANegativeIsDrawnUniformly()
    {
        var shares = Shares(new() { NegativeClasses = 3 }, c => c.Negatives.Single(n => n.Class == 4).Fact);
        Assert.Equal([Spotted, Plain], shares.Keys.Order());
        Assert.Equal(0.5, shares[Plain], Tolerance);
    }

    /// <summary>
    /// Class 4 is spotted (as 3 classes are), plain (1) and small (3): beside the masked "spotted", "plain" stays with 1 against 1/3 by Eq. 2, and
    /// always when stretching leaves the commonest no weight.
    /// </summary>
    [Theory]
    [InlineData(DuetMaskSampling.LinearWeighted, 0.75)]
    [InlineData(DuetMaskSampling.LinearWeightedStretched, 1)]
    [InlineData(DuetMaskSampling.Uniform, 0.5)]
    public void WhatStaysWithinTheLimitIsDrawnWithTheWeightsOfMasking(DuetMaskSampling sampling, double plain)
    {
        var options = new DuetOptions { MaskSampling = sampling, PruningRatio = 0, AttributeLimit = 1 };
        var (texts, random) = (Texts(options), new Random(5));
        var kept = Enumerable.Range(0, 10_000).Select(_ => texts.Prune(4, Spotted, random)).ToArray();
        Assert.All(kept, k => Assert.Equal(2, k.Length));
        Assert.All(kept, k => Assert.Contains(Spotted, k));
        Assert.Equal(plain, kept.Count(k => k.Contains(Plain)) / 10_000.0, 2 * Tolerance);
        Assert.Equal([Spotted, Plain, Small], Texts(options with { AttributeLimit = 2 }).Prune(4, Spotted, random));
    }

    /// <summary>One image of c+, then as many of each c- as asked for, all different, each beside the sentence of its class and attribute.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ContrastImagesAreDifferentOnesOfTheDrawnClasses(int perClass)
    {
        var (sampler, text) = Sampler(new() { NegativeClasses = 2, NegativeImages = perClass, PruningRatio = 0 }, imagesPerClass: 3);
        var random = new Random(6);
        for (var i = 0; i < 200; i++)
        {
            var draw = sampler.Draw([0], random)![0];
            if (draw.Target != Striped) continue;
            var contrast = draw.Contrast!;
            Assert.Equal([0, .. Enumerable.Repeat(1, perClass), .. Enumerable.Repeat(2, perClass)], contrast.SentenceOf);
            Assert.Equal(1 + 2 * perClass, contrast.Images.Distinct().Count());
            Assert.Equal(contrast.SentenceOf.Count, contrast.Images.Count);
            int[] classes = [.. contrast.Images.Select(ClassOf)];
            Assert.Equal((1, 1), (classes[0], contrast.Positive));
            Assert.Equal(text.Tokens(Striped), contrast.Sentences[0].Target);
            Assert.NotEqual(classes[1], classes[^1]);
            foreach (var (image, sentence) in contrast.SentenceOf.Index().Skip(1))
            {
                Assert.Equal(classes[1 + (sentence - 1) * perClass], classes[image]);
                Assert.True(classes[image] is 2 or 3 or 4);
                Assert.Contains(contrast.Sentences[sentence].Target, classes[image] == 4 ? [text.Tokens(Spotted), text.Tokens(Plain)] : new[] { text.Tokens(Spotted) });
                Assert.Contains(text.Tokens(classes[image] == 2 ? 3 : Small)[0], contrast.Sentences[sentence].Tokens); // the class's own size beside it
            }
        }
    }

    /// <summary>Each image of a class comes before any comes again, also when the class itself had to be drawn twice.</summary>
    [Fact]
    public void WithTooFewImagesEachComesBeforeAnyComesAgain()
    {
        var random = new Random(7);
        var (few, _) = Sampler(new() { NegativeClasses = 3, NegativeImages = 3 }, imagesPerClass: 2);
        var (again, _) = Sampler(new() { NegativeClasses = 2, NegativeImages = 2, CandidateShare = 0.1 }, imagesPerClass: 4);
        for (var i = 0; i < 100; i++)
        {
            if (few.Draw([0], random)![0] is { Target: Striped, Contrast: { } contrast })
                foreach (var images in contrast.Images.Skip(1).Chunk(3))
                {
                    Assert.NotEqual(images[0], images[1]);
                    Assert.Single(images.Select(ClassOf).Distinct());
                }
            if (again.Draw([0], random)![0] is { Target: Striped, Contrast: { } same })
                Assert.Equal([20, 21, 22, 23], same.Images.Skip(1).Order());
        }
    }

    /// <summary>Min(z_a, z_a+): striped is 1 in class 0 and 0.9 in class 1, whichever of them is the image's.</summary>
    [Fact]
    public void TheContrastWeighsAsMuchAsTheWeakerOfBothHasOfTheAttribute()
    {
        var (sampler, _) = Sampler(new(), imagesPerClass: 2);
        GroundingDraw Draw(int own, int positive) => new(own, Striped, new([], 0, []), new(positive, [], [], []));
        Assert.Equal(0.9f, sampler.ContrastWeight(Draw(0, 1)), 1e-6f);
        Assert.Equal(0.9f, sampler.ContrastWeight(Draw(1, 0)), 1e-6f);
        Assert.Equal(1, sampler.Degree(Draw(0, 1)), 1e-6f);
        Assert.Equal(0.9f, sampler.Degree(Draw(1, 0)), 1e-6f);
    }

    private static Dictionary<T, double> Shares<T>(DuetOptions options, Func<AttributeContrast, T> of) where T : notnull
    {
        var (texts, random) = (Texts(options), new Random(2));
        return Enumerable.Range(0, Draws).Select(_ => of(texts.DrawContrast(0, Striped, random)!)).CountBy(x => x)
            .ToDictionary(s => s.Key, s => s.Value / (double)Draws);
    }

    private static ClassTexts Texts(DuetOptions options) => new(options, new ClassFacts(Facts, Degrees), PromptOf, [0, 1, 2, 3, 4]);

    /// <summary>Class c has the images 10c, 10c + 1 and so on.</summary>
    private static (GroundingSampler Sampler, PromptText Text) Sampler(DuetOptions options, int imagesPerClass)
    {
        var text = new PromptText(Facts, new WordPrompts(PromptText.Texts(Facts)), options.Sentence, options.SentenceLimit);
        var images = Enumerable.Range(0, 5).ToDictionary(c => c, c => Enumerable.Range(10 * c, imagesPerClass).ToArray());
        return (new(options, Texts(options), text, images), text);
    }

    private static int ClassOf(int image) => image / 10;
}
