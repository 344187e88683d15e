using Unseen.Features;
using Xunit;

namespace Unseen.Tests.Features;

public class ImagePreprocessorTests
{
    private static readonly PreprocessingOptions Raw = new()
    {
        Height = 2,
        Width = 3,
        Scale = 1,
        Mean = [0, 0, 0],
        StandardDeviation = [1, 1, 1],
    };

    [Fact]
    public void PlanesFollowOneAnother()
    {
        float[] red = [10, 13, 16, 19, 22, 25], green = [11, 14, 17, 20, 23, 26], blue = [12, 15, 18, 21, 24, 27];
        Assert.Equal([.. red, .. green, .. blue], Read(Raw));
        Assert.Equal([.. blue, .. green, .. red], Read(Raw with { ChannelOrder = ChannelOrder.Bgr }));
    }

    [Fact]
    public void ValuesAreScaledShiftedAndDivided()
    {
        var options = Raw with { Scale = 0.5, Mean = [1, 2, 3], StandardDeviation = [2, 4, 8] };
        var input = Read(options);
        Assert.Equal(((10 * 0.5f) - 1) / 2, input[0], 1e-6f);
        Assert.Equal(((11 * 0.5f) - 2) / 4, input[6], 1e-6f);
        Assert.Equal(((12 * 0.5f) - 3) / 8, input[12], 1e-6f);
    }

    [Fact]
    public void TheMiddleIsCutOut()
    {
        // 4 x 6 pixels, shortest side 4, crop 2 x 2 from row 1 and column 2.
        var options = Raw with { Height = 2, Width = 2, Resize = ResizeRule.ShortestSide, ResizeTo = 4, Crop = CropRule.Center };
        var input = new float[options.InputLength];
        new ImagePreprocessor(options).Read(TestPictures.Png(4, 6, (x, y) => ((byte)((10 * y) + x), 0, 0)), "a.png", input);
        Assert.Equal([12, 13, 22, 23], input[..4]);
    }

    [Theory]
    [InlineData(100, 50, 64, 128, 64)]
    [InlineData(50, 101, 64, 64, 129)]
    [InlineData(333, 500, 256, 256, 384)]
    public void TheShortestSideDecides(int height, int width, int side, int expectedHeight, int expectedWidth)
    {
        var options = Raw with { Height = 32, Width = 32, Resize = ResizeRule.ShortestSide, ResizeTo = side, Crop = CropRule.Center };
        Assert.Equal((expectedHeight, expectedWidth), options.ResizedSize(height, width));
    }

    [Fact]
    public void ALongThinPictureCannotFillTheMemory()
    {
        var options = new PreprocessingOptions { Resize = ResizeRule.ShortestSide, ResizeTo = 256, Crop = CropRule.Center };
        var error = Assert.Throws<UnreadableImageException>(() =>
            new ImagePreprocessor(options, maximumPixels: 1_000_000)
                .Read(TestPictures.Png(1, 60_000, (_, _) => default), "thin.png", new float[options.InputLength]));
        Assert.Equal("thin.png: resized by its shortest side the picture would be 15360000x256 pixels; at most 1000000 are made.",
            error.Message);
    }

    [Fact]
    public void EveryWrongOptionIsNamed()
    {
        var options = new PreprocessingOptions
        {
            Height = 0,
            ResizeTo = -1,
            Resize = ResizeRule.ShortestSide,
            Scale = double.NaN,
            Mean = [1],
            StandardDeviation = [1, 0, 1],
        };
        var error = Assert.Throws<ConfigurationException>(() => new ImagePreprocessor(options));
        Assert.Contains("preprocessing: 'height' and 'width' must be 1 to 8192 pixels, found 0x224.", error.Errors);
        Assert.Contains("preprocessing: resize 'shortest-side' keeps the aspect ratio, so it needs crop 'center'.", error.Errors);
        Assert.Contains("preprocessing: 'std' must be three numbers above 0, one per plane.", error.Errors);
        Assert.Equal(7, error.Errors.Count);
    }

    [Fact]
    public void AShortBufferIsRefused()
    {
        var error = Assert.Throws<ShapeException>(() =>
            new ImagePreprocessor(Raw).Read(TestPictures.Png(2, 3, 10), "a.png", new float[17]));
        Assert.Equal("input must hold [3, 2, 3] = 18 floats, found 17.", error.Message);
    }

    [Fact]
    public void AllocatesNoMemoryPerPixel()
    {
        var preprocessor = new ImagePreprocessor(new());
        var input = new float[preprocessor.Options.InputLength];
        var picture = TestPictures.Png(500, 400, 1);
        preprocessor.Read(picture, "a.png", input);
        var before = GC.GetAllocatedBytesForCurrentThread();
        preprocessor.Read(picture, "a.png", input);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000);
    }

    private static float[] Read(PreprocessingOptions options)
    {
        var input = new float[options.InputLength];
        new ImagePreprocessor(options).Read(TestPictures.Png(2, 3, 10), "a.png", input);
        return input;
    }
}
