using Unseen.Data;
using Unseen.Models.Cvsc;
using Unseen.Semantics;
using Unseen.Tests.Contracts;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

public sealed class CvscModelTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly ZslProblem problem = TinyProblem.Create();
    private readonly CvscModel model;
    private readonly Tensor features;

    public CvscModelTests()
    {
        manual_seed(1);
        model = new CvscModel(new CvscOptions(), problem);
        features = Batch(problem, [.. Enumerable.Range(0, 10)]);
    }

    [Fact]
    public void StateNamesAreTheCheckpointFormat()
    {
        Assert.Equal(["attribute_vectors", "attention_weight", "score_weight"], model.State.Keys);
        Assert.Equal([8L, TinyProblem.WordWidth], model.State["attribute_vectors"].shape);
        Assert.Equal([TinyProblem.WordWidth, 12L], model.State["attention_weight"].shape);
        Assert.Equal([TinyProblem.WordWidth, 12L], model.State["score_weight"].shape);
    }

    [Fact]
    public void AttentionIsADistributionOverRegions()
    {
        var output = model.Forward(features);
        Assert.Equal([10L, 8, 4], output.Attention!.shape);
        Assert.True(output.Attention.sum(-1).allclose(ones(10, 8)));
        Assert.True(output.Attention.min().item<float>() >= 0);
    }

    [Fact]
    public void ScoresFollowTheEquations()
    {
        var output = model.Forward(features);
        var z = nn.functional.normalize(tensor(problem.Semantics.Values), dim: 1);
        var margin = tensor(Array.ConvertAll(problem.SeenClass, seen => seen ? 0f : 2f));
        Assert.True(output.ClassScores.allclose(einsum("bk,ck->bc", output.PredictedAttributes!, z) + margin, 1e-5, 1e-5));
        using var plain = new CvscModel(new CvscOptions { UnseenMargin = 0 }, problem, state: model.State);
        var difference = (output.ClassScores - plain.Forward(features).ClassScores)[0];
        Assert.True(difference.allclose(margin, 1e-5, 1e-4), "the margin is on unseen classes only");
    }

    [Fact]
    public void TheEffectOfAnAttributeIsWhatAttentionAddsToIt()
    {
        var output = model.Forward(features);
        var uniform = new Dictionary<string, Tensor>(model.State) { ["attention_weight"] = zeros_like(model.State["attention_weight"]) };
        using var blind = new CvscModel(new CvscOptions(), problem, state: uniform);
        var expected = output.PredictedAttributes! - blind.Forward(features).PredictedAttributes!;
        Assert.True(expected.abs().max().item<float>() > 1e-3, "attention of this model is not uniform");
        Assert.True(output.AttributeEffect!.allclose(expected, 1e-4, 1e-5));
        Assert.True(blind.Forward(features).AttributeEffect!.abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void PermutingClassesPermutesScores()
    {
        var order = new[] { 3, 0, 7, 5, 1, 2, 6, 4 };
        var seen = Array.ConvertAll(order, c => problem.SeenClass[c]);
        var other = problem with { Semantics = problem.Semantics.Select(order), SeenClass = seen };
        using var permuted = new CvscModel(new CvscOptions(), other, state: model.State);
        var expected = model.Forward(features).ClassScores.index_select(1, tensor(order, int64));
        Assert.True(permuted.Forward(features).ClassScores.allclose(expected, 1e-5, 1e-6));
    }

    [Fact]
    public void TheBatchSizeDoesNotChangeTheResult()
    {
        var whole = model.Forward(features);
        for (var i = 0; i < 10; i++)
        {
            var single = model.Forward(features[i..(i + 1)]);
            Assert.True(single.ClassScores[0].allclose(whole.ClassScores[i], 1e-5, 1e-5));
            Assert.True(single.Attention![0].allclose(whole.Attention![i], 1e-5, 1e-6));
        }
    }

    [Fact]
    public void PercentAndUnitAttributesAreTheSameModel()
    {
        var percent = (float[,])problem.Semantics.Values.Clone();
        for (var c = 0; c < percent.GetLength(0); c++)
            for (var a = 0; a < percent.GetLength(1); a++)
                percent[c, a] *= 100;
        var other = problem with { Semantics = problem.Semantics with { Values = percent, Scale = AttributeScale.Percent } };
        using var same = new CvscModel(new CvscOptions(), other, state: model.State);
        var labels = tensor(new long[] { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 });
        manual_seed(4);
        var expected = model.Losses(features, labels).Select(t => t.Value.item<float>()).ToArray();
        manual_seed(4);
        Assert.All(same.Losses(features, labels).Zip(expected), p => Assert.Equal(p.Second, p.First.Value.item<float>(), 1e-4));
    }

    [Theory]
    [InlineData(ZeroRowPolicy.RandomUnit)]
    [InlineData(ZeroRowPolicy.MeanOfGroup)]
    [InlineData(ZeroRowPolicy.Keep)]
    public void ZeroWordVectorsFollowThePolicy(ZeroRowPolicy policy)
    {
        var words = (float[,])problem.WordVectors!.Clone();
        for (var w = 0; w < TinyProblem.WordWidth; w++) words[2, w] = 0;
        using var zero = new CvscModel(new CvscOptions { ZeroRows = policy }, problem with { WordVectors = words });
        var vectors = zero.State["attribute_vectors"];
        Assert.Equal(policy == ZeroRowPolicy.Keep ? 0 : 1, vectors[2].norm().item<float>(), 1e-5);
        Assert.True(vectors.index_select(0, tensor(new long[] { 0, 1, 3, 4, 5, 6, 7 })).norm(1).allclose(ones(7)));
        if (policy == ZeroRowPolicy.MeanOfGroup)
            Assert.True(vectors[2].allclose(nn.functional.normalize(vectors.index_select(0, tensor(new long[] { 0, 4, 6 })).mean([0]),
                dim: 0), 1e-4, 1e-5));
        if (policy == ZeroRowPolicy.Keep)
            Assert.True(zero.Forward(features).Attention!.select(1, 2).allclose(full(10, 4, 0.25f)), "a zero vector looks everywhere");
    }

    [Fact]
    public void AGroupOfZeroVectorsIsReplacedByRandomOnes()
    {
        using var zero = new CvscModel(new CvscOptions { ZeroRows = ZeroRowPolicy.MeanOfGroup },
            problem with { WordVectors = new float[8, TinyProblem.WordWidth] });
        Assert.True(zero.State["attribute_vectors"].norm(1).allclose(ones(8)));
    }

    [Fact]
    public void WithoutWordVectorsTheyAreRandomUnitVectors()
    {
        using var random = new CvscModel(new CvscOptions(), problem with { WordVectors = null });
        Assert.Equal([8L, 300], random.State["attribute_vectors"].shape);
        Assert.True(random.State["attribute_vectors"].norm(1).allclose(ones(8)));
        Assert.Equal([10L, 8], random.Forward(features).ClassScores.shape);
    }

    [Fact]
    public void WrongShapesAreRefusedBeforeTheyReachTheNativeLibrary()
    {
        Assert.Equal("'features' must have shape [any, any, 12], found [2, 4, 11].",
            Assert.Throws<ShapeException>(() => model.Forward(zeros(2, 4, 11))).Message);
        Assert.Throws<ShapeException>(() => model.Forward(zeros(2, 12)));
        Assert.Throws<ShapeException>(() => model.Losses(zeros(2, 4, 13), zeros(2, int64)));
        Assert.Throws<ShapeException>(() => model.Losses(features, zeros(9, int64)));
    }

    [Fact]
    public void AStateThatDoesNotFitIsRefused()
    {
        var state = new Dictionary<string, Tensor>(model.State) { ["score_weight"] = zeros(TinyProblem.WordWidth, 11) };
        Assert.Equal("Model tensor 'score_weight' must have shape [5, 12], found [5, 11].",
            Assert.Throws<CheckpointMismatchException>(() => new CvscModel(new CvscOptions(), problem, state: state)).Message);
        state.Remove("score_weight");
        Assert.Equal("Model tensor 'score_weight' is missing: the file belongs to another method.",
            Assert.Throws<CheckpointMismatchException>(() => new CvscModel(new CvscOptions(), problem, state: state)).Message);
    }

    [Fact]
    public void ForwardLeavesNothingBehind() => Leak.None(() =>
    {
        using var inner = NewDisposeScope();
        using var own = new CvscModel(new CvscOptions(), problem);
        own.Forward(features);
    }, parameters: 3);

    private static Tensor Batch(ZslProblem problem, int[] images) =>
        tensor(TinyProblem.Regions(problem, images)).reshape(images.Length, problem.Features.Regions, -1);

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }
}
