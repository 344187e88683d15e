using Unseen.Synthetic;
using Xunit;

namespace Unseen.Tests.Synthetic;

public sealed class SketchBirdsOptionsTests
{
    [Fact]
    public void DefaultsAndTinyAreValid()
    {
        new SketchBirdsOptions().Validate();
        SketchBirdsOptions.Tiny.Validate();
        new SketchBackboneOptions().Validate();
        SketchBackboneOptions.Tiny.Validate();
    }

    [Fact]
    public void EveryWrongValueIsNamedAtOnce()
    {
        var options = new SketchBirdsOptions { SeenSpecies = 2, ImageSize = 8, SpuriousCoOccurrence = double.NaN, Clutter = 41 };

        var error = Assert.Throws<ConfigurationException>(options.Validate);

        Assert.Equal(
        [
            "SketchBirds: SeenSpecies must be 5..200, found 2.",
            "SketchBirds: ImageSize must be 32..1024, found 8.",
            "SketchBirds: SpuriousCoOccurrence must be 0..1, found NaN.",
            "SketchBirds: Clutter must be 0..40, found 41.",
        ], error.Errors);
    }

    [Fact]
    public void TheInputMustFitTheGrid()
    {
        var error = Assert.Throws<ConfigurationException>(new SketchBackboneOptions { ImageSize = 100, Widths = [1, 2] }.Validate);

        Assert.Equal(
        [
            "SketchBackbone: ImageSize must be a multiple of 16, 32..1024, found 100.",
            "SketchBackbone: Widths must be three multiples of 16, 16..4096, found 1, 2.",
        ], error.Errors);
    }
}
