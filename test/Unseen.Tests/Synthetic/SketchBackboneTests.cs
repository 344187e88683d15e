using TorchSharp;
using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Features;
using Unseen.Synthetic;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Synthetic;

public sealed class SketchBackboneTests : IDisposable
{
    private static readonly SketchBackboneOptions Options = SketchBackboneOptions.Tiny with { Epochs = 2 };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheTrainingLossFalls()
    {
        using var pictures = SketchPictures.Read(Dataset(), 48, TestContext.Current.CancellationToken);
        using var network = new SketchBackboneNetwork([16, 16, 16], 16, seed: 1);

        var losses = new SketchBackboneTrainer(network, pictures, SketchBackboneOptions.Tiny with { Epochs = 30 })
            .Train(null, TestContext.Current.CancellationToken);

        Assert.Equal(30, losses.Count);
        Assert.True(losses[^1] < 0.85 * losses[0], $"loss {losses[0]:0.000} -> {losses[^1]:0.000}");
    }

    [Fact]
    public void OnlyTrainvalPicturesAreOpened()
    {
        var dataset = Dataset();
        foreach (var image in dataset.Images.Where(i => i.Split != ImageSplit.Trainval))
            File.Delete(dataset.ImagePath(image));

        using var backbone = Train(dataset, Options, "b.safetensors");

        Assert.Equal((9, 16), (backbone.Description.Regions, backbone.Description.Visual));
    }

    [Fact]
    public void TheSameSeedGivesTheSameFile()
    {
        var dataset = Dataset();
        torch.random.manual_seed(1);
        Train(dataset, Options, "first.safetensors").Dispose();
        torch.random.manual_seed(99);
        Train(dataset, Options, "again.safetensors").Dispose();
        Train(dataset, Options with { Seed = 2 }, "other.safetensors").Dispose();

        Assert.Equal(File.ReadAllBytes(folder.File("first.safetensors")), File.ReadAllBytes(folder.File("again.safetensors")));
        Assert.NotEqual(File.ReadAllBytes(folder.File("first.safetensors")), File.ReadAllBytes(folder.File("other.safetensors")));
    }

    [Fact]
    public void LoadedWeightsGiveTheSameFeatures()
    {
        using var trained = Train(Dataset(), Options, "b.safetensors");
        using var loaded = SketchBackbone.Load(folder.File("b.safetensors"));
        var features = Features(trained, Input(trained, 3), 3);

        Assert.Equal(features, Features(loaded, Input(loaded, 3), 3));
        Assert.Equal(trained.Description, loaded.Description);
        Assert.Contains(features, f => f > 0);
        Assert.All(features, f => Assert.True(f >= 0));
    }

    [Fact]
    public void APictureHasTheSameFeaturesInAnyBatch()
    {
        using var backbone = Train(Dataset(), Options, "b.safetensors");
        var input = Input(backbone, 4);
        var together = Features(backbone, input, 4);
        for (var i = 0; i < 4; i++)
        {
            var alone = Features(backbone, input[(i * backbone.Description.Preprocessing.InputLength)..], 1);
            for (var f = 0; f < alone.Length; f++)
                Assert.Equal(together[(i * alone.Length) + f], alone[f], 1e-4f);
        }
    }

    /// <summary>A region sees 23 pixels around its middle: light in a corner reaches neither the far column nor the far row.</summary>
    [Theory]
    [InlineData(38, 0, new[] { 0, 3, 6, 7, 8 }, 2)]
    [InlineData(0, 38, new[] { 0, 1, 2, 5, 8 }, 6)]
    [InlineData(38, 38, new[] { 0, 1, 2, 3, 6 }, 8)]
    [InlineData(0, 0, new[] { 2, 5, 6, 7, 8 }, 0)]
    public void RegionsLieRowByRowAroundWhatTheySee(int left, int top, int[] far, int near)
    {
        using var backbone = Train(Dataset(), Options, "b.safetensors");
        var dark = new float[3 * 48 * 48];
        var bright = (float[])dark.Clone();
        for (var i = 0; i < 3 * 10 * 10; i++)
            bright[(i / 100 * 48 * 48) + ((top + (i / 10 % 10)) * 48) + left + (i % 10)] = 2;
        var (before, after) = (Features(backbone, dark, 1), Features(backbone, bright, 1));

        float Change(int region) => Enumerable.Range(16 * region, 16).Sum(i => Math.Abs(after[i] - before[i]));
        float[] changes = [.. Enumerable.Range(0, 9).Select(Change)];

        Assert.True(changes[near] > 0);
        Assert.All(far, region => Assert.Equal(0, changes[region]));
    }

    [Fact]
    public void NoTensorIsLeaked()
    {
        var dataset = Dataset();
        Train(dataset, Options, "b.safetensors").Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var backbone = Train(dataset, Options, "b.safetensors"))
        {
            var loaded = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (var i = 0; i < 3; i++)
                Features(backbone, Input(backbone, 2), 2);
            Assert.Equal(loaded, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void NamesInTheFileAreAContract()
    {
        Train(Dataset(), Options, "b.safetensors").Dispose();
        using var file = SafetensorsFile.Open(folder.File("b.safetensors"));

        string[] names =
            ["convolution.weight", "normalisation.bias", "normalisation.running_mean", "normalisation.running_var", "normalisation.weight"];
        string[] expected = [.. from block in Enumerable.Range(1, 5)
                                from name in names
                                select $"block{block}.{name}"];
        Assert.Equal(expected, file.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("48", file.Metadata["image_size"]);
    }

    [Fact]
    public void AnotherSafetensorsFileIsRefused()
    {
        var path = folder.File("other.safetensors");
        Safetensors.Write(path, [SafetensorsTensor.Of("x", new float[] { 1 }, 1)]);

        var error = Assert.Throws<DatasetFormatException>(() => SketchBackbone.Load(path));

        Assert.Equal($"{path}: not a sketch backbone: its metadata must say kind = unseen-sketch-backbone, found nothing.", error.Message);
    }

    [Fact]
    public void AMissingTensorIsNamed()
    {
        Train(Dataset(), Options, "b.safetensors").Dispose();
        var path = folder.File("broken.safetensors");
        using (var file = SafetensorsFile.Open(folder.File("b.safetensors")))
            Safetensors.Write(path, file.Entries.Values.Where(e => e.Name != "block4.normalisation.bias").Select(e =>
                SafetensorsTensor.Of(e.Name, file.Elements<float>(e.Name, 0, (int)e.Elements), [.. e.Shape])), file.Metadata);

        var error = Assert.Throws<DatasetFormatException>(() => SketchBackbone.Load(path));

        Assert.Equal($"{path}: tensor 'block4.normalisation.bias' must be there as F32 with shape [16].", error.Message);
    }

    [Fact]
    public void WeightsThatDoNotFollowEachOtherAreRefused()
    {
        Train(Dataset(), Options, "b.safetensors").Dispose();
        var path = folder.File("broken.safetensors");
        using (var file = SafetensorsFile.Open(folder.File("b.safetensors")))
            Safetensors.Write(path, [SafetensorsTensor.Of("block1.convolution.weight", new float[4096 * 27], 4096, 3, 3, 3),
                SafetensorsTensor.Of("block2.convolution.weight", new float[4096], 4096, 1, 1, 1)], file.Metadata);

        var error = Assert.Throws<DatasetFormatException>(() => SketchBackbone.Load(path));

        Assert.Equal($"{path}: tensor 'block2.convolution.weight' must be there with shape [1..4096, 4096, 3, 3].", error.Message);
    }

    [Fact]
    public void ShortSpansAreRefused()
    {
        using var backbone = Train(Dataset(), Options, "b.safetensors");

        var input = Assert.Throws<ShapeException>(() => backbone.Run(new float[10], 1, new float[9 * 16]));
        var output = Assert.Throws<ShapeException>(() => backbone.Run(new float[3 * 48 * 48], 1, new float[10]));

        Assert.Equal("batch must hold [1, 3, 48, 48] = 6912 floats, found 10.", input.Message);
        Assert.Equal("output must hold [1, regions, visual] = 144 floats, found 10.", output.Message);
    }

    [Fact]
    public void ExtractionWritesAStoreOfTheDataset()
    {
        var dataset = Dataset();
        using var backbone = Train(dataset, Options, "b.safetensors");
        var images = ImageSource.Of(dataset);

        FeatureExtractor.Run(
            backbone, new() { Images = images, Output = folder.File("f.safetensors") }, null, TestContext.Current.CancellationToken);

        using var store = FeatureStore.Open(folder.File("f.safetensors"));
        Assert.Equal((48, 9, 16), (store.Images, store.Regions, store.Visual));
        var row = new float[store.RowLength];
        store.Read(store.RowOf(dataset.Images[7].File), row);
        var input = new float[backbone.Description.Preprocessing.InputLength];
        new ImagePreprocessor(backbone.Description.Preprocessing).ReadFile(dataset.ImagePath(dataset.Images[7]), input);
        Assert.Equal(Features(backbone, input, 1), row, (a, b) => Math.Abs(a - b) <= 1e-3f * (1 + Math.Abs(a)));
    }

    [Fact]
    public void TrainingCanBeCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            SketchBackbone.Train(Dataset(), Options, folder.File("b.safetensors"), null, cancelled.Token));
        Assert.False(File.Exists(folder.File("b.safetensors")));
    }

    private DatasetFolder Dataset() =>
        SketchBirds.Render(SketchBirdsOptions.Tiny, folder.File("birds"), null, TestContext.Current.CancellationToken);

    private SketchBackbone Train(DatasetFolder dataset, SketchBackboneOptions options, string file) =>
        SketchBackbone.Train(dataset, options, folder.File(file), null, TestContext.Current.CancellationToken);

    private static float[] Input(SketchBackbone backbone, int images)
    {
        var random = SketchRandom.For(1, "test input");
        return [.. Enumerable.Range(0, images * backbone.Description.Preprocessing.InputLength).Select(_ => (float)random.Normal())];
    }

    private static float[] Features(SketchBackbone backbone, float[] input, int images)
    {
        var output = new float[images * backbone.Description.OutputLength];
        backbone.Run(input, images, output);
        return output;
    }
}
