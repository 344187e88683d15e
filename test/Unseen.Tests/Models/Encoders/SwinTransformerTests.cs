using Unseen.Models.Encoders;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Encoders;

public sealed class SwinTransformerTests : IDisposable
{
    private static readonly SwinOptions Small = new()
    {
        PatchSize = 2,
        Embedding = 4,
        Depths = [2, 2],
        Heads = [1, 2],
        Window = 3,
        FeedForwardRatio = 2,
        Classes = 3,
    };

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    /// <summary>Grids of 6 x 7, then 3 x 4: shifted windows, padded windows and a padded merge all occur.</summary>
    [Fact]
    public void EveryLayerIsThatOfTheIndependentImplementation()
    {
        var golden = new GoldenWeights("swin");
        using var model = new SwinTransformer(Small, golden.Weights);
        Assert.Equal(golden.Weights.Keys.Order(StringComparer.Ordinal), model.Parameters.Keys.Order(StringComparer.Ordinal));
        var x = model.Embed(golden.Input("pixels"));
        golden.Matches("embedding", x.flatten(1, 2));
        for (var stage = 0; stage < 2; stage++)
        {
            for (var i = 0; i < 2; i++) golden.Matches($"stage{stage}_block{i}", (x = model.Block(stage, i, x)).flatten(1, 2));
            if (stage == 0) golden.Matches("merged", (x = model.Merge(0, x)).flatten(1, 2));
        }
        var tokens = model.Tokens(golden.Input("pixels"));
        golden.Matches("tokens", tokens);
        golden.Matches("logits", model.Logits(tokens));
    }

    [Fact]
    public void TheDefaultsHaveThePublishedNumberOfParameters() => Assert.Equal(87_768_224, new SwinOptions().Layout().Parameters);

    [Fact]
    public void GradientsReachEveryParameter()
    {
        manual_seed(1);
        using var model = new SwinTransformer(Small with { DropPath = 0 });
        (model.Logits(model.Tokens(randn(3, 3, 14, 14), training: true)) * randn(3, 3)).sum().backward();
        // Softmax does not see what is added to all of its scores: the keys' biases have no effect, whatever they are.
        Assert.All(model.Parameters, p => Assert.True(
            p.Key.EndsWith("key.bias", StringComparison.Ordinal) || p.Value.grad!.abs().max().item<float>() > 0, p.Key));
    }

    [Fact]
    public void StochasticDepthIsOffInEvaluationOnly()
    {
        manual_seed(1);
        using var model = new SwinTransformer(Small with { DropPath = 0.9 });
        var pixels = randn(4, 3, 12, 12);
        Assert.True(model.Tokens(pixels).equal(model.Tokens(pixels)).all().item<bool>());
        Assert.False(model.Tokens(pixels, training: true).allclose(model.Tokens(pixels)));
    }

    [Fact]
    public void WrongSizesAreRefused() => Assert.Equal(
        "depths and heads must have the same number of stages, 1 to 8, found 2 and 1.",
        Assert.Throws<ConfigurationException>(() => new SwinTransformer(Small with { Heads = [1] })).Message);

    public void Dispose() => scope.Dispose();
}
