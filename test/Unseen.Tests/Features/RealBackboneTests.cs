using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Features;

/// <summary>Runs the real backbones on a few real pictures.</summary>
public class RealBackboneTests
{
    [Theory]
    [InlineData("mobilenetv2.onnx", 7, 1280)]
    [InlineData("resnet101v2-block3.onnx", 14, 1024)]
    public void RealPicturesGiveRealFeatures(string file, int side, int visual)
    {
        var data = Environment.GetEnvironmentVariable("UNSEEN_DATA");
        if (data is null) Assert.Skip("UNSEEN_DATA not set");
        using var folder = new TemporaryFolder();
        using var backbone = OnnxBackbone.Load(Path.Combine(data, "backbones", file), new() { Threads = 1 });
        var root = Path.Combine(data, "cub127", "images");
        var images = Directory.GetFiles(root, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(3)
            .Select(path => new ImageSource(Path.GetRelativePath(root, path), path)).ToList();

        var result = FeatureExtractor.Run(backbone, new() { Images = images, Output = folder.File("a.safetensors") },
            cancellation: TestContext.Current.CancellationToken);

        using var store = FeatureStore.Open(result.Store);
        Assert.Equal((new FeatureGrid(side, side), visual, 3), (store.Grid, store.Visual, store.Images));
        var (input, batch) = (new float[3 * backbone.Description.Preprocessing.InputLength], new float[3 * store.RowLength]);
        var preprocessor = new ImagePreprocessor(backbone.Description.Preprocessing);
        for (var i = 0; i < 3; i++) preprocessor.ReadFile(images[i].Path, input.AsSpan(i * preprocessor.Options.InputLength));
        backbone.Run(input, 3, batch);
        var row = new float[store.RowLength];
        for (var i = 0; i < 3; i++)
        {
            store.Read(i, row);
            Assert.InRange(row.Average(), 0.01f, 2f); // behind a ReLU: not negative, not all zero
            Assert.True(row.Min() >= 0);
            for (var j = 0; j < row.Length; j++) Assert.Equal(batch[(i * row.Length) + j], row[j], 0.01f);
        }
    }
}
