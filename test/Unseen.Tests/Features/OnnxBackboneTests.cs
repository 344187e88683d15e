using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Features;

public sealed class OnnxBackboneTests : IDisposable
{
    private const int Height = 4, Width = 6;
    private readonly TemporaryFolder folder = new();

    internal static PreprocessingOptions Raw(int height, int width) =>
        new() { Height = height, Width = width, Scale = 1, Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] };

    [Fact]
    public void MapsBecomeRegionsTimesVisual()
    {
        using var backbone = Load(TinyOnnx.Maps(Height, Width));
        Assert.Equal(new FeatureGrid(4, 6), backbone.Description.Grid);
        Assert.Equal((24, 3, false, "maps"),
            (backbone.Description.Regions, backbone.Description.Visual, backbone.Description.IsGlobal, backbone.Description.Layer));

        var (input, output) = Run(backbone, images: 2);

        for (var image = 0; image < 2; image++)
            for (var region = 0; region < 24; region++)
                for (var channel = 0; channel < 3; channel++)
                    Assert.Equal(input[(image * 72) + (channel * 24) + region], output[(image * 72) + (region * 3) + channel]);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    public void MapsAreAveragedToASmallerGrid(int gridHeight, int gridWidth)
    {
        using var backbone = Load(TinyOnnx.Maps(Height, Width), new() { Grid = new(gridHeight, gridWidth) });

        var (input, output) = Run(backbone, images: 1);

        for (var y = 0; y < gridHeight; y++)
            for (var x = 0; x < gridWidth; x++)
                for (var channel = 0; channel < 3; channel++)
                    Assert.Equal(Mean(input, channel, y, x, gridHeight, gridWidth), output[(((y * gridWidth) + x) * 3) + channel], 1e-4f);
    }

    [Fact]
    public void TokensKeepTheirOrder()
    {
        using var backbone = Load(TinyOnnx.Tokens(Height, Width), new() { Grid = new(4, 6) });

        var (input, output) = Run(backbone, images: 1);

        for (var token = 0; token < 24; token++)
            for (var channel = 0; channel < 3; channel++)
                Assert.Equal(input[(channel * 24) + token], output[(token * 3) + channel]);
    }

    [Fact]
    public void LeadingTokensAreDropped()
    {
        using var backbone = Load(TinyOnnx.Tokens(Height, Width), new() { Grid = new(11, 2), DropTokens = 2 });
        Assert.Equal((22, 2), (backbone.Description.Regions, backbone.Description.DropTokens));

        var (input, output) = Run(backbone, images: 2);

        Assert.Equal(input[2], output[0]);
        Assert.Equal(input[72 + 24 + 2], output[66 + 1]);
        Assert.Equal(input[72 + 48 + 23], output[131]);
    }

    [Fact]
    public void TokensAreNeverGuessed()
    {
        var open = Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.Tokens(Height, Width)));
        Assert.Equal($"{folder.File("tiny.onnx")}: the output has shape [1, 24, 3] for one picture: a sequence of 24 tokens, and " +
            "nothing says how they lie. Give --grid HxW, and --drop-tokens N for class tokens at its start.", open.Message);
        var wrong = Assert.Throws<DatasetFormatException>(() =>
            Load(TinyOnnx.Tokens(Height, Width), new() { Grid = new(4, 5), DropTokens = 1 }));
        Assert.Equal($"{folder.File("tiny.onnx")}: the output has shape [1, 24, 3] for one picture: 24 tokens, but grid 4x5 with 1 " +
            "dropped tokens makes 21. Correct --grid or --drop-tokens.", wrong.Message);
    }

    [Fact]
    public void GlobalFeaturesHaveNoGrid()
    {
        using var backbone = Load(TinyOnnx.Global(Height, Width));
        Assert.Equal((null, 1, 3, true),
            (backbone.Description.Grid, backbone.Description.Regions, backbone.Description.Visual, backbone.Description.IsGlobal));

        var (input, output) = Run(backbone, images: 2);

        for (var image = 0; image < 2; image++)
            for (var channel = 0; channel < 3; channel++)
                Assert.Equal(-input.Skip((image * 72) + (channel * 24)).Take(24).Average(), output[(image * 3) + channel], 1e-4f);
        Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.Global(Height, Width), new() { Grid = new(1, 1) }));
        Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.Global(Height, Width), new() { DropTokens = 1 }));
        Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.Maps(Height, Width), new() { DropTokens = 1 }));
        Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.Maps(Height, Width), new() { Grid = new(5, 6) }));
    }

    [Fact]
    public void AnIntermediateLayerCanBeRead()
    {
        using var backbone = Load(TinyOnnx.Global(Height, Width), new() { Layer = "hidden" });
        Assert.Equal((new FeatureGrid(4, 6), "hidden"), (backbone.Description.Grid, backbone.Description.Layer));

        var (input, output) = Run(backbone, images: 1);

        Assert.Equal(-input[24 + 5], output[(5 * 3) + 1]);
    }

    [Fact]
    public void AnUnknownLayerIsNamedWithTheNearest()
    {
        var error = Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.Global(Height, Width), new() { Layer = "hiden" }));
        Assert.Equal($"{folder.File("tiny.onnx")}: the model has no layer 'hiden'. Did you mean 'hidden'?", error.Message);
        var far = Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.Global(Height, Width), new() { Layer = "/block3/relu" }));
        Assert.EndsWith("It has 2 layers; the last are: hidden, global.", far.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralOutputsNeedAChoice()
    {
        var error = Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.TwoOutputs(Height, Width)));
        Assert.EndsWith("the model has 2 outputs. Choose one with --layer: maps, global.", error.Message, StringComparison.Ordinal);
        using var backbone = Load(TinyOnnx.TwoOutputs(Height, Width), new() { Layer = "global" });
        Assert.True(backbone.Description.IsGlobal);
    }

    [Fact]
    public void AModelWithAFixedBatchRunsAnyNumberOfPictures()
    {
        using var any = Load(TinyOnnx.Maps(Height, Width));
        using var two = Load(TinyOnnx.Maps(Height, Width, batch: 2));
        Assert.Equal(Run(any, images: 5).Output, Run(two, images: 5).Output);
    }

    [Fact]
    public void TheInputMustFitThePreprocessing()
    {
        var error = Assert.Throws<DatasetFormatException>(() => Load(TinyOnnx.Maps(8, 8)));
        Assert.Equal($"{folder.File("tiny.onnx")}: input 'pixels' has shape [-1, 3, 8, 8], but the preprocessing makes [batch, 3, 4, " +
            "6] (-1 is any). Correct the sidecar tiny.json.", error.Message);
    }

    [Fact]
    public void OtherFilesAreRefused()
    {
        Assert.Throws<DatasetFormatException>(() => Load("not a model"u8.ToArray()));
        Assert.Throws<DatasetFormatException>(() => Load([]));
        var missing = Assert.Throws<DatasetFormatException>(() => OnnxBackbone.Load(folder.File("no.onnx")));
        Assert.EndsWith("no.onnx: the backbone file does not exist.", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShortSpansAreRefused()
    {
        using var backbone = Load(TinyOnnx.Maps(Height, Width));
        var input = Assert.Throws<ShapeException>(() => backbone.Run(new float[143], 2, new float[144]));
        Assert.Equal("batch must hold [2, 3, height, width] = 144 floats, found 143.", input.Message);
        var output = Assert.Throws<ShapeException>(() => backbone.Run(new float[144], 2, new float[143]));
        Assert.Equal("output must hold [2, regions, visual] = 144 floats, found 143.", output.Message);
    }

    [Fact]
    public void MutatedModelsNeverDoWorseThanAnError()
    {
        var original = TinyOnnx.Tokens(Height, Width);
        var random = new Random(3);
        for (var i = 0; i < 100; i++)
        {
            var bytes = original.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.True(OnnxLayers.Names(bytes).Count <= bytes.Length);
            Assert.True(OnnxLayers.Names(bytes.AsSpan(0, random.Next(bytes.Length))).Count <= bytes.Length);
        }
        Assert.Equal(["flat", "tokens"], OnnxLayers.Names(original));
    }

    [Fact]
    public void TheDescriptionMakesTheSameBackboneAgain()
    {
        using var first = Load(TinyOnnx.Tokens(Height, Width), new() { Grid = new(11, 2), DropTokens = 2 });
        using var again = OnnxBackbone.Load(first.Description.Path, BackboneOptions.From(first.Description));
        Assert.Equal(first.Description, again.Description);
        Assert.Equal(Run(first, 2).Output, Run(again, 2).Output);
    }

    public void Dispose() => folder.Dispose();

    private OnnxBackbone Load(byte[] model, BackboneOptions? options = null) =>
        OnnxBackbone.Load(folder.File("tiny.onnx", model),
            (options ?? new()) with { Preprocessing = options?.Preprocessing ?? Raw(Height, Width), Threads = 1 });

    private static (float[] Input, float[] Output) Run(OnnxBackbone backbone, int images)
    {
        var random = new Random(5);
        float[] input = [.. Enumerable.Range(0, images * Height * Width * 3).Select(_ => random.NextSingle())];
        var output = new float[images * backbone.Description.OutputLength];
        backbone.Run(input, images, output);
        return (input, output);
    }

    private static float Mean(float[] input, int channel, int y, int x, int gridHeight, int gridWidth)
    {
        int top = y * Height / gridHeight, bottom = (int)Math.Ceiling((y + 1) * Height / (double)gridHeight);
        int left = x * Width / gridWidth, right = (int)Math.Ceiling((x + 1) * Width / (double)gridWidth);
        var cells = from row in Enumerable.Range(top, bottom - top)
                    from column in Enumerable.Range(left, right - left)
                    select input[(channel * Height * Width) + (row * Width) + column];
        return cells.Average();
    }
}
