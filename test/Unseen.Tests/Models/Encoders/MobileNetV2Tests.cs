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

        var (model, report) = MobileNetV2.LoadFolder(Path.Combine(data, "backbones", "mobilenetv2-weights"));
        using var owned = model;
        using var constants = no_grad();
        var actual = model.Tokens(tensor(input).reshape(images.Count, 3, 224, 224));

        Assert.Equal(265, report.Loaded.Count);
        Assert.Equal([images.Count, 49, 1280], actual.shape);
        var difference = (actual - tensor(expected).reshape(actual.shape)).abs();
        Assert.True(difference.max().item<float>() < 1e-3, $"largest difference {difference.max().item<float>()}");
        Assert.True(actual.max().item<float>() > 1, "the features are not all zero");
    }

    /// <summary>The stem, each of the 17 bottlenecks on what lies before it, and the last convolution.</summary>
    [Fact]
    public void EveryLayerIsThatOfTheIndependentImplementation()
    {
        var golden = new GoldenWeights("mobilenetv2");
        using var model = new MobileNetV2(GoldenState());
        using var constants = no_grad();
        var pixels = golden.Input("pixels");
        golden.Matches("stem", model.Begin(pixels, 0));
        for (var block = 0; block < 17; block++) golden.Matches($"block{block}", model.Begin(pixels, block + 1), absolute: block < 6 ? 1e-4 : 1e-3);
        golden.Matches("tokens", model.Tokens(pixels), absolute: 1e-3); // 52 convolutions on
    }

    /// <summary>The weights of the golden file, which it does not hold: see generate.py.</summary>
    private static Dictionary<string, Tensor> GoldenState()
    {
        var x = 1u;
        double Next() => (x = 1664525 * x + 1013904223) / 4294967296.0 - 0.5;
        return MobileNetV2.Layout().Weights.OrderBy(w => w.Name, StringComparer.Ordinal).ToDictionary(w => w.Name, w =>
        {
            var (scale, shift) = w.Name.Split('_')[^1] switch
            {
                "weight" => (Math.Sqrt(12.0 / w.Shape[1..].Aggregate((a, b) => a * b)), 0),
                "gamma" => (1, 1.5),
                "beta" => (1, 0.5),
                "var" => (1, 1),
                _ => (1.0, 0.0),
            };
            return tensor(Enumerable.Range(0, (int)w.Elements).Select(_ => (float)(Next() * scale + shift)).ToArray()).reshape(w.Shape);
        });
    }

    [Fact]
    public void TheSizesArePublished() => Assert.Equal(
        3_504_872 - 1_281_000 + 1_088, MobileNetV2.Layout().Parameters); // published, less the classifier; Gluon has a 1 x 1 convolution in the first bottleneck too

    /// <summary>Convolutions learn, batch norm stays as it was.</summary>
    [Fact]
    public void GradientsReachEveryConvolution()
    {
        manual_seed(1);
        using var model = new MobileNetV2(GoldenState());
        (model.Tokens(randn(2, 3, 64, 64), training: true) * randn(1280)).sum().backward();
        foreach (var (name, parameter) in model.Parameters)
        {
            var trained = !name.Contains("batchnorm", StringComparison.Ordinal);
            Assert.Equal(trained, parameter.requires_grad);
            if (trained) Assert.True(parameter.grad!.abs().max().item<float>() > 0, name);
        }
    }

    [Fact]
    public void AFolderThatLacksWeightsIsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("unseen-").FullName;
        try
        {
            Assert.Contains("missing 265", Assert.Throws<CheckpointMismatchException>(() => MobileNetV2.LoadFolder(folder)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder);
        }
        Assert.Throws<DatasetFormatException>(() => MobileNetV2.LoadFolder(folder));
    }

    public void Dispose() => scope.Dispose();
}
