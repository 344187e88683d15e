using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Features;

public sealed class BackboneSidecarTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void EveryKeyIsRead()
    {
        folder.File("vit.json", """
            {
              "height": 384, "width": 320, "resize": "shortest-side", "resizeTo": 400, "crop": "center", "interpolation": "bicubic",
              "channels": "bgr",
              "scale": 1, "mean": [1, 2, 3], "std": [4, 5, 6], "layer": "/blocks.11/Add", "grid": "24x20", "dropTokens": 1
            }
            """);
        var options = BackboneSidecar.Read(folder.File("vit.json"));
        Assert.Equal(("/blocks.11/Add", new FeatureGrid(24, 20), 1), (options.Layer, options.Grid, options.DropTokens));
        Assert.Equal(new PreprocessingOptions
        {
            Height = 384,
            Width = 320,
            Resize = ResizeRule.ShortestSide,
            ResizeTo = 400,
            Crop = CropRule.Center,
            Interpolation = Interpolation.Bicubic,
            ChannelOrder = ChannelOrder.Bgr,
            Scale = 1,
            Mean = [1, 2, 3],
            StandardDeviation = [4, 5, 6],
        }, options.Preprocessing);
    }

    [Theory]
    [InlineData("""{"heigth": 224}""", "Unknown key 'heigth'. Did you mean 'height'? Known: height, width, resize, resizeTo, crop, " +
        "interpolation, channels, scale, mean, std, layer, grid, dropTokens, preTraining.")]
    [InlineData("""{"resize": "strech"}""", "Unknown resize 'strech'. Did you mean 'stretch'? Known: stretch, shortest-side.")]
    [InlineData("""{"height": 0}""", "preprocessing: 'height' and 'width' must be 1 to 8192 pixels, found 0x224.")]
    [InlineData("""{"grid": "7"}""", "A grid must be HEIGHTxWIDTH with sides from 1 to 4096, for example 7x7; found '7'.")]
    [InlineData("[]", "expected a JSON object.")]
    public void WrongFilesAreNamed(string json, string message)
    {
        var path = folder.File("a.json", json);
        var error = Assert.Throws<DatasetFormatException>(() => BackboneSidecar.Read(path));
        Assert.Equal($"{path}: the sidecar of a backbone is wrong: {message}", error.Message);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"height": "224"}""")]
    [InlineData("""{"height": 1.5}""")]
    [InlineData("""{"mean": 3}""")]
    [InlineData("""{"mean": ["a", "b", "c"]}""")]
    [InlineData("""{"layer": 3}""")]
    [InlineData("""{"scale": null}""")]
    [InlineData("""{"height": 99999999999}""")]
    public void MalformedFilesAreRefused(string json) =>
        Assert.Throws<DatasetFormatException>(() => BackboneSidecar.Read(folder.File("a.json", json)));

    [Fact]
    public void AnUnknownBackboneNeedsASidecar()
    {
        var error = Assert.Throws<DatasetFormatException>(() => BackboneSidecar.Complete(folder.File("vit.onnx"), new()));
        Assert.Equal($"{folder.File("vit.onnx")}: nothing says how pictures must be prepared for this backbone. " +
            "Write vit.json beside it, for example " +
            """{"height": 224, "width": 224, "scale": 0.00392156862745098, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}.""",
            error.Message);
    }

    [Fact]
    public void KnownBackbonesNeedNone()
    {
        Assert.Equal(new PreprocessingOptions(), BackboneSidecar.Complete("x/mobilenetv2.onnx", new()).Preprocessing);
        var resnet = BackboneSidecar.Complete("x/resnet101v2-block3.onnx", new()).Preprocessing!;
        Assert.Equal((1 / 127.5, 1.0, 1.0), (resnet.Scale, resnet.Mean[0], resnet.StandardDeviation[0]));
    }

    [Fact]
    public void OptionsWinOverTheSidecarAndTheSidecarOverTheKnown()
    {
        folder.File("mobilenetv2.json", """{"height": 160, "width": 160, "grid": "5x5", "layer": "a", "dropTokens": 2}""");
        var model = folder.File("mobilenetv2.onnx");
        Assert.Equal(160, BackboneSidecar.Complete(model, new()).Preprocessing!.Height);
        var chosen = BackboneSidecar.Complete(model, new() { Layer = "b", Grid = new(2, 2) });
        Assert.Equal(("b", new FeatureGrid(2, 2), 2), (chosen.Layer, chosen.Grid, chosen.DropTokens));
    }

    public void Dispose() => folder.Dispose();
}
