using Unseen.Features;
using Unseen.Models.Encoders;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Encoders;

public sealed class MobileNetV2Tests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    [Fact]
    public void TheTrainableNetworkIsTheOnnxBackbone()
    {
        var data = Environment.GetEnvironmentVariable("UNSEEN_DATA");
        if (data is null) Assert.Skip("UNSEEN_DATA not set");
        using var backbone = OnnxBackbone.Load(Path.Combine(data, "backbones", "mobilenetv2.onnx"), new() { Threads = 1 });
        var images = Directory.GetFiles(Path.Combine(data, "cub127", "images"), "*.jpg", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Where((_, i) => i % 2000 == 0).ToList();
        var preprocessor = new ImagePreprocessor(backbone.Description.Preprocessing);
        var length = preprocessor.Options.InputLength;
        var (input, expected) = (new float[images.Count * length], new float[images.Count * backbone.Description.OutputLength]);
        for (var i = 0; i < images.Count; i++) preprocessor.ReadFile(images[i], input.AsSpan(i * length, length));
        backbone.Run(input, images.Count, expected);

        var (model, report) = MobileNetV2.LoadFolder(Path.Combine(data, "backbones", "mobilenetv2-weights"), frozenNorm: true);
        using var owned = model;
        using var constants = no_grad();
        var actual = model.Tokens(tensor(input).reshape(images.Count, 3, 224, 224));

        Assert.Equal(265, report.Loaded.Count);
        Assert.Equal([images.Count, 49, 1280], actual.shape);
        var difference = (actual - tensor(expected).reshape(actual.shape)).abs();
        Assert.True(difference.max().item<float>() < 1e-3, $"largest difference {difference.max().item<float>()}");
        Assert.True(actual.max().item<float>() > 1, "the features are not all zero");
    }

    [Fact]
    public void TheSizesArePublished() => Assert.Equal(
        3_504_872 - 1_281_000 + 1_088, MobileNetV2.Layout().Parameters); // published, less the classifier; Gluon has a 1 x 1 convolution in the first bottleneck too

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GradientsReachEveryTrainedParameter(bool frozen)
    {
        manual_seed(1);
        using var model = new MobileNetV2(frozen);
        (model.Tokens(randn(2, 3, 64, 64), training: true) * randn(1280)).sum().backward();
        foreach (var (name, parameter) in model.Parameters)
        {
            var norm = name.Contains("batchnorm", StringComparison.Ordinal);
            var trained = !name.Contains("running", StringComparison.Ordinal) && !(frozen && norm);
            Assert.Equal(trained, parameter.requires_grad);
            if (trained) Assert.NotNull(parameter.grad);
            if (trained && !frozen) Assert.True(parameter.grad!.abs().max().item<float>() > 0, name);
        }
        // The untrained frozen network shrinks what passes through it; its gradients are tiny, but there.
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public void BatchNormCountsOnlyWhenTrainedAndNotFrozen(bool frozen, bool training, bool counts)
    {
        using var model = new MobileNetV2(frozen);
        var mean = model.Parameters["mobilenetv20_features_batchnorm0_running_mean"];
        using (no_grad()) model.Tokens(randn(2, 3, 32, 32), training).Dispose();
        Assert.Equal(counts, mean.count_nonzero().item<long>() > 0);
    }

    [Fact]
    public void AFolderThatLacksWeightsIsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("unseen-").FullName;
        try
        {
            Assert.Contains("missing 265", Assert.Throws<CheckpointMismatchException>(() => MobileNetV2.LoadFolder(folder, true)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder);
        }
        Assert.Throws<DatasetFormatException>(() => MobileNetV2.LoadFolder(folder, true));
    }

    public void Dispose() => scope.Dispose();
}
