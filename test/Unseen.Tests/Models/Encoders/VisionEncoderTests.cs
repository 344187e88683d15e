using Unseen.Models.Encoders;
using Unseen.Tests.Data.Formats;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Encoders;

/// <summary>What every trainable vision encoder promises to those who freeze its lower blocks.</summary>
public sealed class VisionEncoderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    [Theory]
    [InlineData("deit", 3)]
    [InlineData("swin", 3)]
    [InlineData("mobilenet", 17)]
    public void BeginAndFinishAreTokensWhereverTheyMeet(string name, int expected)
    {
        using var encoder = Create(name);
        Assert.Equal(expected, encoder.Blocks);
        using var constants = no_grad();
        var pixels = Pixels();
        var tokens = encoder.Tokens(pixels).data<float>().ToArray();
        Assert.True(tokens.Distinct().Count() > tokens.Length / 4, "the tokens tell nothing apart");
        for (var blocks = 0; blocks <= encoder.Blocks; blocks++)
            Assert.Equal(tokens, encoder.Finish(encoder.Begin(pixels, blocks), blocks).data<float>().ToArray());
    }

    /// <summary>Exactly the parameters that do not belong to the beginning get a gradient when the beginning is constant.</summary>
    [Theory]
    [InlineData("deit", 0)]
    [InlineData("deit", 2)]
    [InlineData("swin", 1)]
    [InlineData("swin", 2)]
    [InlineData("swin", 3)]
    [InlineData("mobilenet", 11)]
    public void TheBeginningNamesItsParameters(string name, int blocks)
    {
        manual_seed(2);
        using var encoder = Create(name);
        Tensor begun;
        using (no_grad()) begun = encoder.Begin(Pixels(), blocks);
        (encoder.Finish(begun, blocks) * randn(encoder.Width)).sum().backward();
        foreach (var (parameter, value) in encoder.Parameters.Where(p => p.Value.requires_grad))
            Assert.True(encoder.BelongsToBegin(parameter, blocks) == value.grad is null, parameter);
    }

    [Fact]
    public void SizesAreReadOffTheFile()
    {
        var opened = VisionEncoders.OpenVit(
            TinyWeights.Write(folder.File("vit.safetensors"), (TinyWeights.Deit with { Distilled = false, Layers = 2, Hidden = 128, Heads = 2 }).Layout()));
        using var small = opened.Load();
        Assert.Equal(["classifier.bias", "classifier.weight"], opened.Report.Unused);
        Assert.Equal(small.Parameters.Keys.Order(StringComparer.Ordinal), opened.Report.Loaded.Order(StringComparer.Ordinal));
        Assert.Equal((128, 2, 1), (small.Width, small.Blocks, small.SpecialTokens));
        Assert.DoesNotContain("classifier.weight", small.Parameters.Keys);
    }

    [Fact]
    public void AFileOfAnotherArchitectureIsRefused()
    {
        var file = TinyWeights.Write(folder.File("swin.safetensors"), TinyWeights.Swin.Layout());
        Assert.Equal($"{file} does not hold the weights of a DeiT, such as facebook/deit-base-distilled-patch16-224. "
            + "'unseen weights check FILE' tells what a file holds.",
            Assert.Throws<CheckpointMismatchException>(() => VisionEncoders.OpenDeit(file)).Message);
        Assert.Throws<CheckpointMismatchException>(() => VisionEncoders.OpenVit(file));
        Assert.Throws<CheckpointMismatchException>(() => VisionEncoders.OpenMobileNetV2(file));
        Assert.Throws<CheckpointMismatchException>(() => VisionEncoders.OpenSwin(TinyWeights.WriteMobileNetV2(folder.File("m.safetensors"))));
    }

    private static Tensor Pixels()
    {
        manual_seed(1);
        return randn(3, 3, 64, 64);
    }

    private IVisionEncoder Create(string name) => name switch
    {
        "deit" => VisionEncoders.OpenDeit(TinyWeights.Write(folder.File("deit.safetensors"), TinyWeights.Deit.Layout())).Load(),
        "swin" => VisionEncoders.OpenSwin(TinyWeights.Write(folder.File("swin.safetensors"), TinyWeights.Swin.Layout())).Load(),
        _ => VisionEncoders.OpenMobileNetV2(TinyWeights.WriteMobileNetV2(folder.File("mobilenet.safetensors"))).Load(),
    };

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }
}
