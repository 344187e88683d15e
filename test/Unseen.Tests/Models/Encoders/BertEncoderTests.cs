using Unseen.Models.Encoders;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Encoders;

public sealed class BertEncoderTests : IDisposable
{
    private static readonly BertOptions Small = new()
    {
        Vocabulary = 11,
        Hidden = 8,
        Layers = 2,
        Heads = 2,
        FeedForward = 12,
        Positions = 7,
        MaskedLanguageHead = true,
    };

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    [Theory]
    [InlineData("bert", false)]
    [InlineData("bert-tanh", true)]
    public void EveryLayerIsThatOfTheIndependentImplementation(string name, bool tanh)
    {
        var golden = new GoldenWeights(name);
        using var model = new BertEncoder(Small with { Activation = tanh ? Gelu.Tanh : Gelu.Exact }, golden.Weights);
        Assert.Equal(golden.Weights.Keys.Order(StringComparer.Ordinal), model.Parameters.Keys.Order(StringComparer.Ordinal));
        var (tokens, mask, types) = (golden.Input("tokens"), golden.Input("mask"), golden.Input("types"));
        var x = model.Embed(tokens, types);
        golden.Matches("embedding", x);
        for (var i = 0; i < 2; i++) golden.Matches($"block{i}", x = model.Block(i, x, BertEncoder.Bias(mask, tokens.shape)));
        var hidden = model.Forward(tokens, mask, types);
        golden.Matches("block1", hidden);
        golden.Matches("pooled", model.Pool(hidden));
    }

    [Fact]
    public void TheDefaultsHaveThePublishedNumberOfParameters() => Assert.Equal(109_482_240, new BertOptions().Layout().Parameters);

    [Fact]
    public void PaddingChangesNothing()
    {
        using var model = new BertEncoder(Small);
        var text = tensor(new long[] { 1, 5, 2 }).unsqueeze(0);
        var padded = tensor(new long[] { 1, 5, 2, 0, 0 }).unsqueeze(0);
        var mask = tensor(new long[] { 1, 1, 1, 0, 0 }).unsqueeze(0);
        Assert.True(model.Forward(padded, mask).narrow(1, 0, 3).allclose(model.Forward(text), 1e-4, 1e-5));
        Assert.False(model.Forward(padded).narrow(1, 0, 3).allclose(model.Forward(text), 1e-4, 1e-5), "without the mask padding does count");
        Assert.True(model.Forward(padded, zeros_like(mask)).isfinite().all().item<bool>(), "a text of padding alone stays finite");
    }

    [Fact]
    public void GradientsReachEveryParameter()
    {
        manual_seed(1);
        using var model = new BertEncoder(Small with { MaskedLanguageHead = false });
        var hidden = model.Forward(tensor(new long[,] { { 1, 4, 5, 6, 7, 8, 2 } }), types: tensor(new long[,] { { 0, 0, 0, 0, 1, 1, 1 } }), training: true);
        ((model.Pool(hidden) * randn(1, 8)).sum() + (hidden * randn(1, 7, 8)).sum()).backward();
        // Softmax does not see what is added to all of its scores: the keys' biases have no effect, whatever they are.
        Assert.All(model.Parameters, p => Assert.True(
            p.Key.EndsWith("key.bias", StringComparison.Ordinal) || p.Value.grad!.abs().max().item<float>() > 0, p.Key));
    }

    [Fact]
    public void DropoutIsOffInEvaluationOnly()
    {
        using var model = new BertEncoder(Small);
        var text = tensor(new long[,] { { 1, 5, 2 } });
        Assert.True(model.Forward(text).equal(model.Forward(text)).all().item<bool>());
        Assert.False(model.Forward(text, training: true).allclose(model.Forward(text)));
    }

    [Fact]
    public void WrongTokensAreRefused()
    {
        using var model = new BertEncoder(Small);
        Assert.Equal("'tokens' must be ids from 0 to 10, found 1 to 11. Is the vocabulary that of the weights?",
            Assert.Throws<ShapeException>(() => model.Forward(tensor(new long[,] { { 1, 11 } }))).Message);
        Assert.Equal("Texts have 8 tokens, this BERT takes at most 7. Cut them off when they are encoded.",
            Assert.Throws<ShapeException>(() => model.Forward(zeros(1, 8, int64))).Message);
        Assert.Equal("'tokens' must hold int64 numbers, found Float32.",
            Assert.Throws<ShapeException>(() => model.Forward(zeros(1, 3))).Message);
        Assert.Equal("'mask' must have shape [1, 3], found [1, 2].",
            Assert.Throws<ShapeException>(() => model.Forward(zeros(1, 3, int64), zeros(1, 2, int64))).Message);
    }

    public void Dispose() => scope.Dispose();
}
