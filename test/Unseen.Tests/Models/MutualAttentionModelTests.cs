using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Msdn;
using Unseen.Tests.Contracts;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

public sealed class MutualAttentionModelTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly ZslProblem problem = TinyProblem.Create();
    private readonly List<MutualAttentionModel> models = [];
    private readonly Tensor features;   // [10, 4, 12]
    private readonly Tensor labels = tensor(new long[] { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 });

    public MutualAttentionModelTests()
    {
        manual_seed(1);
        features = tensor(TinyProblem.Regions(problem, [.. Enumerable.Range(0, 10)])).reshape(10, 4, 12);
    }

    [Fact]
    public void StateNamesAreTheCheckpointFormat()
    {
        Assert.Equal(["attribute_vectors", "av_attention_weight", "av_score_weight", "av_gate_weight"], Untrained(new DazleOptions()).State.Keys);
        Assert.Equal(["attribute_vectors", "av_attention_weight", "av_score_weight", "va_attention_weight", "va_score_weight"],
            Untrained(new MsdnOptions()).State.Keys);
        Assert.Equal(["attribute_vectors", "va_attention_weight", "va_score_weight", "va_affinity_weight"],
            Untrained(new MsdnOptions { Directions = AttentionDirections.VisualToAttribute, VisualHead = VisualHead.Paper }).State.Keys);
        Assert.All(Untrained(new MsdnPlusPlusOptions()).State.Where(s => s.Key.EndsWith("weight", StringComparison.Ordinal)),
            s => Assert.Equal([TinyProblem.WordWidth, 12L], s.Value.shape));
    }

    /// <summary>Vectors of its own for the second sub-net, unless they are shared or it is alone; both begin with the same.</summary>
    [Fact]
    public void TheVisualSubNetHasVectorsOfItsOwn()
    {
        var state = Untrained(new MsdnPlusPlusOptions()).State;
        Assert.Equal(["attribute_vectors", "va_attribute_vectors"], state.Keys.Where(k => k.EndsWith("vectors", StringComparison.Ordinal)));
        Near(state["attribute_vectors"], state["va_attribute_vectors"]);
        foreach (var options in new[] { new MsdnPlusPlusOptions { SharedVectors = true }, new() { Directions = AttentionDirections.VisualToAttribute } })
            Assert.DoesNotContain("va_attribute_vectors", Untrained(options).State.Keys);
    }

    [Fact]
    public void TheVisualScoresBeginWithTheirDeviation()
    {
        var state = Untrained(new MsdnPlusPlusOptions { VisualInitialDeviation = 50 }).State;
        Assert.InRange(state["va_score_weight"].std().item<float>(), 35, 65);
        Assert.InRange(state["av_score_weight"].std().item<float>(), 0.7, 1.3);
        Assert.Equal(0, state["va_attention_weight"].abs().max().item<float>());
        Assert.Equal(0, Untrained(new MsdnOptions()).State["va_score_weight"].abs().max().item<float>());
    }

    /// <summary>Facts that follow from the weights that start at 0.</summary>
    [Fact]
    public void TheUntrainedModelIsAsItShouldBe()
    {
        var model = Untrained(new MsdnPlusPlusOptions { Counterfactual = CounterfactualKind.Uniform, VisualInitialDeviation = 0, AttributeShare = 0.9, VisualShare = 0.1 });
        var output = model.Forward(features);
        Assert.True(output.Attention!.allclose(full(10, 8, 4, 0.25f)), "attention over regions is uniform");
        Assert.True(output.VisualAttention!.allclose(full(10, 8, 4, 0.125f)), "attention over attributes is uniform");
        var pooled = einsum("kw,wd,bd->bk", model.State["attribute_vectors"], model.State["av_score_weight"], features.mean([1]));
        Near(0.9 * pooled, output.PredictedAttributes!);
        Assert.True(output.AttributeEffect!.abs().max().item<float>() < 1e-6, "uniform attention has no effect");
        var terms = model.Losses(features, labels).ToDictionary(t => t.Name, t => t.Value.item<float>());
        Assert.Equal(Math.Log(8), terms["ce-va"], 1e-5);
        Assert.Equal(Math.Log(8), terms["cau-av"], 1e-5);
        Assert.Equal(Math.Log(8), terms["cau-va"], 1e-5);
        Assert.Equal(["ce-av", "cal-av", "ar-av", "cau-av", "ce-va", "cal-va", "ar-va", "cau-va", "dis-distance", "dis-js"],
            model.Losses(features, labels).Select(t => t.Name));
    }

    [Fact]
    public void TheVisualAttentionWaitsForTheVisualScores()
    {
        var model = Untrained(new MsdnOptions());
        model.Losses(features, labels).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        var gradient = model.TrainedParameters.ToDictionary(p => p.Name, p => p.Parameter.grad!.abs().max().item<float>());
        Assert.Equal(0, gradient["va_attention_weight"]);
        Assert.All(gradient.Where(g => g.Key != "va_attention_weight"), g => Assert.True(g.Value > 0, g.Key));
    }

    [Fact]
    public void TheGateStartsAtOneHalf()
    {
        var gated = Untrained(new DazleOptions());
        var plain = Keep(new MutualAttentionModel(new DazleOptions { Gate = false }, problem, state: gated.State));
        Near(plain.Forward(features).PredictedAttributes! / 2, gated.Forward(features).PredictedAttributes!);
    }

    [Fact]
    public void AttentionIsADistributionOfItsAxis()
    {
        var output = Random(new MsdnOptions()).Forward(features);
        Assert.True(output.Attention!.sum(2).allclose(ones(10, 8), 1e-5, 1e-6));
        Assert.True(output.VisualAttention!.sum(1).allclose(ones(10, 4), 1e-5, 1e-6));
    }

    /// <summary>The distances are those of the sub-nets' scores with their margins.</summary>
    [Fact]
    public void TheDistancesAreOfTheScoresOfTheSubNets()
    {
        var both = Random(new MsdnOptions());
        var scores = new[] { AttentionDirections.AttributeToVisual, AttentionDirections.VisualToAttribute }
            .Select(d => Keep(new MutualAttentionModel(new MsdnOptions { Directions = d }, problem, state: both.State)).Forward(features).ClassScores).ToArray();
        Near(DistillationLoss.WeightedCubic(scores[0], scores[1]), Term(new(), "dis-distance"));
        Near(DistillationLoss.Euclidean(scores[0], scores[1]), Term(new() { DistillationNorm = DistillationNorm.L2 }, "dis-distance"));

        Tensor Term(MsdnOptions options, string name) => Keep(new MutualAttentionModel(options, problem, state: both.State))
            .Losses(features, labels).Single(t => t.Name == name).Value.detach();
    }

    [Fact]
    public void SharesCombineTheSubNetsAndTheMarginIsOnEveryClass()
    {
        var both = Random(new MsdnOptions { AttributeShare = 0.7, VisualShare = 0.3 });
        var first = Keep(new MutualAttentionModel(new MsdnOptions { Directions = AttentionDirections.AttributeToVisual }, problem, state: both.State));
        var second = Keep(new MutualAttentionModel(new MsdnOptions { Directions = AttentionDirections.VisualToAttribute }, problem, state: both.State));
        var (output, a, v) = (both.Forward(features), first.Forward(features), second.Forward(features));
        Near(0.7 * a.PredictedAttributes! + 0.3 * v.PredictedAttributes!, output.PredictedAttributes!);
        Near(0.7 * a.ClassScores + 0.3 * v.ClassScores, output.ClassScores);
        var z = nn.functional.normalize(tensor(problem.Semantics.Values), dim: 1);
        var margin = tensor(Array.ConvertAll(problem.SeenClass, seen => seen ? -1f : 1f));
        Near(output.PredictedAttributes!.mm(z.t()) + margin, output.ClassScores);
        Assert.Null(a.VisualAttention);
        Assert.Null(v.Attention);
    }

    [Theory]
    [InlineData(0, "av")]
    [InlineData(1, "va")]
    public void ASubNetOfShareZeroIsNotComputedAtTest(double attributeShare, string idle)
    {
        var options = new MsdnOptions { AttributeShare = attributeShare, VisualShare = 1 - attributeShare };
        var state = MutualAttentionParityTests.RandomState(options, problem);
        state[$"{idle}_attention_weight"] = full_like(state[$"{idle}_attention_weight"], float.NaN);
        var output = Keep(new MutualAttentionModel(options, problem, state: state)).Forward(features);
        Assert.True(output.ClassScores.isfinite().all().item<bool>());
        Assert.Null(idle == "av" ? output.Attention : output.VisualAttention);
    }

    [Theory]
    [InlineData(VisualHead.Code)]
    [InlineData(VisualHead.Paper)]
    public void TheEffectIsThePredictionLessThatOfUniformAttention(VisualHead head)
    {
        var options = new MsdnPlusPlusOptions { VisualHead = head, Counterfactual = CounterfactualKind.Shuffle };
        var model = Random(options);
        var output = model.Forward(features);
        var flat = new Dictionary<string, Tensor>(model.State);
        foreach (var net in new[] { "av", "va" }) flat[$"{net}_attention_weight"] = zeros_like(flat[$"{net}_attention_weight"]);
        var uniform = Keep(new MutualAttentionModel(options, problem, state: flat)).Forward(features);
        Near(output.PredictedAttributes! - uniform.PredictedAttributes!, output.AttributeEffect!);
        var causal = Keep(new MutualAttentionModel(options with { Prediction = PredictionKind.Effect, Margin = 0 }, problem, state: model.State));
        var z = CentredClassVectors();
        Near(output.AttributeEffect!.mm(z.t()), causal.Forward(features).ClassScores);
    }

    /// <summary>z as MSDN++ has it: centred on the seen classes, 0 to 5, then of length 1.</summary>
    private Tensor CentredClassVectors()
    {
        var values = tensor(problem.Semantics.Values);
        return nn.functional.normalize(values - values[..6].mean([0L], keepdim: true), dim: 1);
    }

    /// <summary>The text's head with its region-wise attribute features a_r = Σ_k A'_kr v_k [batch, regions, words] built in full.</summary>
    [Fact]
    public void ThePaperHeadScoresRegionsAndGivesThemBack()
    {
        var model = Random(new MsdnOptions { VisualHead = VisualHead.Paper, Directions = AttentionDirections.VisualToAttribute });
        var output = model.Forward(features);
        var v = model.State["attribute_vectors"].detach();
        Tensor Map(string name) => einsum("kw,wd,brd->bkr", v, model.State[name].detach(), features);
        var words = einsum("bkr,kw->brw", Map("va_attention_weight").softmax(1), v);
        var regionScores = einsum("brd,wd,brw->br", features, model.State["va_score_weight"].detach(), words);
        Near(einsum("bkr,br->bk", Map("va_affinity_weight").softmax(2), regionScores), output.PredictedAttributes!);
    }

    [Fact]
    public void AttendedFeaturesAreThoseThatScoringStandsFor()
    {
        var model = Random(new MsdnOptions());
        var (output, attended, words) = (model.Forward(features), model.AttributeBasedFeatures(features)!, model.VisualBasedFeatures(features)!);
        Near(einsum("bkr,brd->bkd", output.Attention!, features), attended);
        Near(einsum("bkr,kw->brw", output.VisualAttention!, model.State["attribute_vectors"].detach()), words);
        var first = Keep(new MutualAttentionModel(new MsdnOptions { Directions = AttentionDirections.AttributeToVisual }, problem, state: model.State));
        Near(einsum("kw,wd,bkd->bk", model.State["attribute_vectors"].detach(), model.State["av_score_weight"].detach(), attended),
            first.Forward(features).PredictedAttributes!);
        Assert.Null(first.VisualBasedFeatures(features));
        Assert.Throws<ShapeException>(() => model.AttributeBasedFeatures(zeros(2, 12)));
    }

    [Fact]
    public void EveryWeightLearnsWithThePaperHead()
    {
        var model = Untrained(new MsdnPlusPlusOptions { VisualHead = VisualHead.Paper });
        using var optimiser = optim.SGD(model.TrainedParameters.Select(p => p.Parameter), 0.5);
        var before = model.State.ToDictionary(s => s.Key, s => s.Value.detach().clone());
        for (var i = 0; i < 4; i++)
        {
            optimiser.zero_grad();
            model.Losses(features, labels).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
            optimiser.step();
        }
        Assert.All(model.State, s => Assert.True((s.Value - before[s.Key]).abs().max().item<float>() > 0, s.Key));
    }

    [Fact]
    public void ADetachedCounterfactualHasTheSameValueAndAnotherGradient()
    {
        var options = new MsdnPlusPlusOptions { Counterfactual = CounterfactualKind.Uniform };
        var through = Random(options);
        var detached = Keep(new MutualAttentionModel(options with { DetachCounterfactual = true }, problem, state: through.State));
        var terms = new[] { through, detached }.Select(m => m.Losses(features, labels).Single(t => t.Name == "cau-av").Value).ToArray();
        Assert.Equal(terms[0].item<float>(), terms[1].item<float>(), 1e-6);
        foreach (var term in terms) term.backward();
        Assert.False(Gradient(through).allclose(Gradient(detached), 1e-3, 1e-6));

        static Tensor Gradient(MutualAttentionModel model) => model.TrainedParameters.Single(p => p.Name == "av_score_weight").Parameter.grad!;
    }

    [Fact]
    public void OnlySeenClassesCompeteWhenAsked()
    {
        var all = Random(new MsdnPlusPlusOptions { Counterfactual = CounterfactualKind.Uniform });
        var seen = Keep(new MutualAttentionModel(
            new MsdnPlusPlusOptions { Counterfactual = CounterfactualKind.Uniform, CompetingClasses = CompetingClasses.Seen }, problem, state: all.State));
        var (a, s) = (Named(all), Named(seen));
        foreach (var name in new[] { "ce-av", "cau-av", "ce-va", "cau-va" }) Assert.True(s[name] < a[name], name);
        Assert.Equal(a["cal-av"], s["cal-av"], 1e-6);
        var z = CentredClassVectors();
        var only = Keep(new MutualAttentionModel(new MsdnOptions { Directions = AttentionDirections.AttributeToVisual, NormaliseVectors = true }, problem, state: all.State));
        var expected = nn.functional.cross_entropy(only.Forward(features).PredictedAttributes!.mm(z.t())[.., ..6], labels);
        Assert.Equal(expected.item<float>(), s["ce-av"], 1e-5);

        Dictionary<string, float> Named(MutualAttentionModel model) =>
            model.Losses(features, labels).ToDictionary(t => t.Name, t => t.Value.item<float>());
    }

    [Fact]
    public void NormalisedVectorsMakeTheirLengthIrrelevant()
    {
        var model = Random(new MsdnOptions { NormaliseVectors = true });
        var longer = new Dictionary<string, Tensor>(model.State) { ["attribute_vectors"] = model.State["attribute_vectors"] * 3 };
        var other = Keep(new MutualAttentionModel(new MsdnOptions { NormaliseVectors = true }, problem, state: longer));
        Near(model.Forward(features).ClassScores, other.Forward(features).ClassScores);
    }

    [Fact]
    public void TheBatchSizeDoesNotChangeTheResult()
    {
        var model = Random(new MsdnPlusPlusOptions { Prediction = PredictionKind.Effect });
        var whole = model.Forward(features);
        for (var i = 0; i < 10; i++) Near(whole.ClassScores[i], model.Forward(features[i..(i + 1)]).ClassScores[0]);
    }

    [Fact]
    public void OneSubNetAloneTeachesNobody()
    {
        var terms = Random(new MsdnOptions { Directions = AttentionDirections.AttributeToVisual }).Losses(features, labels);
        Assert.Equal(["ce-av", "cal-av"], terms.Select(t => t.Name));
        Assert.Equal(["ce-va"], Random(new MsdnOptions { Directions = AttentionDirections.VisualToAttribute, SelfCalibrationWeight = 0 })
            .Losses(features, labels).Select(t => t.Name));
    }

    [Fact]
    public void SharesOfZeroAreRefused() => Assert.Equal(
        "attributeShare and visualShare must not both be 0: nothing would be predicted.",
        Assert.Single(new MsdnOptions { AttributeShare = 0, VisualShare = 0 }.Validate()));

    [Fact]
    public void PermutedFeaturesUnderTheHeadOfTheTextAreRefused()
    {
        var options = new MsdnPlusPlusOptions { VisualHead = VisualHead.Paper, Counterfactual = CounterfactualKind.PermutedFeatures };
        Assert.Equal("counterfactual permuted-features needs visualHead code: the paper's head scores regions, so there are no attended features to permute. " +
            "Choose another counterfactual, or set visualCausalWeight to 0.", Assert.Single(options.Validate()));
        MsdnPlusPlusOptions[] allowed =
        [
            options with { VisualHead = VisualHead.Code }, options with { VisualCausalWeight = 0 }, options with { Counterfactual = CounterfactualKind.Negated },
            options with { Directions = AttentionDirections.AttributeToVisual },
        ];
        Assert.All(allowed, o => Assert.Empty(o.Validate()));
        Assert.Equal(2, (options with { AttributeShare = 0, VisualShare = 0 }).Validate().Count());
    }

    [Fact]
    public void WrongShapesAreRefusedBeforeTheyReachTheNativeLibrary()
    {
        var model = Untrained(new MsdnOptions());
        Assert.Equal("'features' must have shape [any, any, 12], found [2, 4, 11].",
            Assert.Throws<ShapeException>(() => model.Forward(zeros(2, 4, 11))).Message);
        Assert.Throws<ShapeException>(() => model.Losses(features, zeros(9, int64)));
        var state = new Dictionary<string, Tensor>(model.State);
        state.Remove("va_score_weight");
        Assert.Equal("Model tensor 'va_score_weight' is missing: the file belongs to another method.",
            Assert.Throws<CheckpointMismatchException>(() => new MutualAttentionModel(new MsdnOptions(), problem, state: state)).Message);
    }

    [Fact]
    public void ForwardAndLossesLeaveNothingBehind() => Leak.None(() =>
    {
        using var inner = NewDisposeScope();
        using var own = new MutualAttentionModel(new MsdnPlusPlusOptions(), problem);
        own.Forward(features);
        own.Losses(features, labels);
        own.AttributeBasedFeatures(features);
        own.VisualBasedFeatures(features);
    }, parameters: 6);

    private MutualAttentionModel Untrained(AttentionOptions options) => Keep(new MutualAttentionModel(options, problem));

    private MutualAttentionModel Random(AttentionOptions options) =>
        Keep(new MutualAttentionModel(options, problem, state: MutualAttentionParityTests.RandomState(options, problem)));

    private MutualAttentionModel Keep(MutualAttentionModel model)
    {
        models.Add(model);
        return model;
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (expected - actual).abs().max().item<float>() / Math.Max(1e-6, expected.abs().max().item<float>());
        Assert.True(error <= 1e-5, $"relative error {error:G3}");
    }

    public void Dispose()
    {
        models.ForEach(model => model.Dispose());
        scope.Dispose();
    }
}
