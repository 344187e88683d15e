using Unseen.Models.Encoders;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Encoders;

public sealed class VisionTransformerTests : IDisposable
{
    private static readonly VisionTransformerOptions Vit = new()
    {
        ImageSize = 8,
        PatchSize = 4,
        Hidden = 8,
        Layers = 2,
        Heads = 2,
        FeedForward = 12,
        Classes = 3,
    };

    private static readonly VisionTransformerOptions Deit = Vit with { ImageSize = 12, Distilled = true };

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    [Theory]
    [InlineData("vit")]
    [InlineData("deit")]
    public void EveryLayerIsThatOfTheIndependentImplementation(string name)
    {
        var golden = new GoldenWeights(name);
        using var model = new VisionTransformer(name == "vit" ? Vit : Deit, golden.Weights);
        Assert.Equal(golden.Weights.Keys.Order(StringComparer.Ordinal), model.Parameters.Keys.Order(StringComparer.Ordinal));
        foreach (var other in new[] { "", "other_" }) // the other picture needs interpolated positions
        {
            var x = model.Embed(golden.Input(other + "pixels"));
            golden.Matches(other + "embedding", x);
            for (var i = 0; i < 2; i++) golden.Matches($"{other}block{i}", x = model.Block(i, x));
            var tokens = model.Tokens(golden.Input(other + "pixels"));
            golden.Matches(other + "tokens", tokens);
            golden.Matches(other + "logits", model.Logits(tokens));
            Assert.Equal([x.shape[0], 8], model.Global(tokens).shape);
        }
    }

    [Theory]
    [InlineData(false, 86_567_656)]  // ViT-B/16 with its 1000 classes
    [InlineData(true, 87_338_192)]   // DeiT-B distilled
    public void TheDefaultsHaveThePublishedNumberOfParameters(bool distilled, long expected) =>
        Assert.Equal(expected, new VisionTransformerOptions { Distilled = distilled }.Layout().Parameters);

    [Fact]
    public void GradientsReachEveryParameter()
    {
        manual_seed(1);
        using var model = new VisionTransformer(Deit);
        var logits = model.Logits(model.Tokens(randn(3, 3, 12, 12), training: true));
        (logits * randn(3, 3)).sum().backward();
        // Softmax does not see what is added to all of its scores: the keys' biases have no effect, whatever they are.
        Assert.All(model.Parameters, p => Assert.True(
            p.Key.EndsWith("key.bias", StringComparison.Ordinal) || p.Value.grad!.abs().max().item<float>() > 0, p.Key));
        Assert.All(model.Parameters, p => Assert.NotNull(p.Value.grad));
    }

    [Fact]
    public void GradientsReachThePositionsThroughInterpolation()
    {
        using var model = new VisionTransformer(Vit);
        model.Tokens(randn(1, 3, 12, 16)).pow(3).sum().backward();
        var gradient = model.Parameters["vit.embeddings.position_embeddings"].grad!;
        Assert.All(Enumerable.Range(0, 5), token => Assert.True(gradient[0, token].abs().max().item<float>() > 0));
    }

    [Fact]
    public void DropoutIsOffInEvaluationOnly()
    {
        using var model = new VisionTransformer(Vit with { Dropout = 0.5, AttentionDropout = 0.5 });
        using var plain = new VisionTransformer(Vit, model.Parameters.ToDictionary(p => p.Key, p => (Tensor)p.Value));
        var pixels = randn(2, 3, 8, 8);
        Assert.True(model.Tokens(pixels).equal(plain.Tokens(pixels)).all().item<bool>());
        Assert.False(model.Tokens(pixels, training: true).allclose(plain.Tokens(pixels)));
        Assert.True(plain.Tokens(pixels, training: true).equal(plain.Tokens(pixels)).all().item<bool>());
    }

    [Fact]
    public void AForwardPassLeavesNothingBehind()
    {
        using var model = new VisionTransformer(Vit);
        var pixels = randn(2, 3, 8, 8);
        using var constants = no_grad();
        model.Tokens(pixels).Dispose();
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.Tokens(pixels).Dispose();
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void WrongPicturesAreRefused()
    {
        using var model = new VisionTransformer(Vit);
        Assert.Equal("Pictures must be multiples of 4 pixels high and wide, found 8 x 10.",
            Assert.Throws<ShapeException>(() => model.Tokens(zeros(1, 3, 8, 10))).Message);
        Assert.Equal("'pixels' must have shape [any, 3, any, any], found [1, 4, 8, 8].",
            Assert.Throws<ShapeException>(() => model.Tokens(zeros(1, 4, 8, 8))).Message);
        Assert.Throws<ShapeException>(() => model.Tokens(zeros(1, 3, 0, 8)));
    }

    [Fact]
    public void WrongSizesAreAllNamedAtOnce() => Assert.Equal(
        "heads (3) must divide hidden (8)." + Environment.NewLine + "patchSize (5) must divide imageSize (8).",
        Assert.Throws<ConfigurationException>(() => new VisionTransformer(Vit with { Heads = 3, PatchSize = 5 })).Message);

    [Fact]
    public void AttentionRefusesWhatDoesNotBelongTogether()
    {
        Assert.Equal("'keys' must have shape [2, any, 8], found [1, 5, 8].",
            Assert.Throws<ShapeException>(() => MultiHead.Attend(zeros(2, 3, 8), zeros(1, 5, 8), zeros(1, 5, 8), 2)).Message);
        Assert.Equal("3 heads do not divide a width of 8.",
            Assert.Throws<ShapeException>(() => MultiHead.Attend(zeros(2, 3, 8), zeros(2, 5, 8), zeros(2, 5, 8), 3)).Message);
        Assert.Equal("'mask' must broadcast to [2, 2, 3, 5], found [2, 1, 1, 4].",
            Assert.Throws<ShapeException>(() => MultiHead.Attend(zeros(2, 3, 8), zeros(2, 5, 8), zeros(2, 5, 8), 2, zeros(2, 1, 1, 4))).Message);
    }

    public void Dispose() => scope.Dispose();
}
