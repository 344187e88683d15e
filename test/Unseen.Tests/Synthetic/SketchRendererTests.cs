using SkiaSharp;
using Unseen.Synthetic;
using Xunit;

namespace Unseen.Tests.Synthetic;

public sealed class SketchRendererTests
{
    private static readonly SketchBirdsOptions Pure = new() { LightVariation = 0, ImagesPerClass = 2 };

    [Fact]
    public void TheSameIndicesGiveTheSamePixels()
    {
        var options = new SketchBirdsOptions();
        var bird = SketchSpeciesGenerator.Invent(options)[3];
        using var first = SketchRenderer.Draw(bird, 3, 5, options);
        using var again = SketchRenderer.Draw(bird, 3, 5, options);
        using var other = SketchRenderer.Draw(bird, 3, 6, options);
        using var reseeded = SketchRenderer.Draw(bird, 3, 5, options with { Seed = 2 });

        Assert.Equal(first.Bitmap.Bytes, again.Bitmap.Bytes);
        Assert.Equal(first.Parts, again.Parts);
        Assert.NotEqual(first.Bitmap.Bytes, other.Bitmap.Bytes);
        Assert.NotEqual(first.Bitmap.Bytes, reseeded.Bitmap.Bytes);
    }

    /// <summary>Where a part is said to be visible, its colour is the one of the individual: no light, so colours are exact unless
    /// smoothed or patterned.</summary>
    [Theory]
    [InlineData("back color", BirdPart.Back)]
    [InlineData("back color", BirdPart.Tail)]
    [InlineData("wing color", BirdPart.Wing)]
    [InlineData("belly color", BirdPart.Belly)]
    [InlineData("belly color", BirdPart.Breast)]
    [InlineData("head color", BirdPart.Crown)]
    [InlineData("bill color", BirdPart.Bill)]
    [InlineData("leg color", BirdPart.Leg)]
    public void PartsShowTheColorOfTheIndividual(string group, object part)
    {
        var (right, all) = (0, 0);
        foreach (var picture in Pictures(Pure))
            foreach (var visible in picture.Parts.Where(p => p.Part == (BirdPart)part))
            {
                all++;
                right += Near(picture, visible, SketchPalette.Named(picture.Bird[group])) ? 1 : 0;
            }
        Assert.True(all >= 40, $"only {all} visible");
        Assert.True(right >= 0.97 * all, $"{right} of {all}");
    }

    [Fact]
    public void PartsLieInsideThePictureAndAppearOnce()
    {
        foreach (var picture in Pictures(new SketchBirdsOptions { ImagesPerClass = 2, PoseVariation = 1 }))
        {
            Assert.All(picture.Parts, p => Assert.True(p.X is > 0 and < 1 && p.Y is > 0 and < 1));
            Assert.Equal(picture.Parts.Count, picture.Parts.Select(p => p.Part).Distinct().Count());
            Assert.DoesNotContain(picture.Parts, p => p.Part == BirdPart.None);
        }
    }

    [Fact]
    public void WithoutLeavesNearlyAllPartsAreVisible()
    {
        var open = Pictures(Pure with { Occlusion = 0 }).Average(p => p.Parts.Count);
        var covered = Pictures(Pure with { Occlusion = 4 }).Average(p => p.Parts.Count);

        Assert.True(open > 9.3, $"{open} of 10 parts visible");
        Assert.True(covered < open - 1, $"{covered} parts visible behind leaves, {open} without");
    }

    [Fact]
    public void TheBillIsOnTheSideTheBirdFaces()
    {
        foreach (var picture in Pictures(Pure with { Occlusion = 0, PoseVariation = 0 }))
        {
            var bill = picture.Parts.Single(p => p.Part == BirdPart.Bill);
            var tail = picture.Parts.Single(p => p.Part == BirdPart.Tail);
            Assert.Equal(picture.Bird.FacesLeft, bill.X < tail.X);
        }
    }

    [Fact]
    public void WithoutAbsentAttributesIndividualsFollowOneOfTheTwoForms()
    {
        var options = Pure with { AbsentAttributeRate = 0 };
        var species = SketchSpeciesGenerator.Invent(options);
        for (var s = 0; s < species.Length; s++)
        {
            var bird = SketchRenderer.Individual(species[s], s, 0, options);
            for (var g = 0; g < bird.Values.Length; g++)
                Assert.True(bird.Values[g] == species[s].Main[g] || bird.Values[g] == species[s].Other[g]);
        }
    }

    private static IEnumerable<SketchPicture> Pictures(SketchBirdsOptions options)
    {
        var species = SketchSpeciesGenerator.Invent(options);
        for (var s = 0; s < species.Length; s++)
            for (var i = 0; i < options.ImagesPerClass; i++)
                using (var picture = SketchRenderer.Draw(species[s], s, i, options))
                    yield return picture;
    }

    /// <summary>True when a pixel within two of the place has the colour: a bar or a spot may lie on the place itself.</summary>
    private static bool Near(SketchPicture picture, VisiblePart place, SKColor expected)
    {
        var size = picture.Bitmap.Width;
        var (x, y) = ((int)(place.X * size), (int)(place.Y * size));
        for (var dy = -2; dy <= 2; dy++)
            for (var dx = -2; dx <= 2; dx++)
                if (Distance(picture.Bitmap.GetPixel(Math.Clamp(x + dx, 0, size - 1), Math.Clamp(y + dy, 0, size - 1)), expected) <= 6)
                    return true;
        return false;
    }

    private static int Distance(SKColor a, SKColor b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);
}
