using Unseen.Data;
using Unseen.Experiments;
using Unseen.Models;
using Unseen.Models.Generative;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Generative.Mlis;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>What the parts of a generative method learn from, and what the options switch.</summary>
public sealed class GenerativeTrainingTests
{
    private static readonly ZslProblem Problem = TinyProblem.Create();

    public static TheoryData<string> Methods => new("f-clswgan", "ce-gzsl", "mlis");

    [Theory]
    [MemberData(nameof(Methods))]
    public void EveryPartLearnsAllOfItsParametersAndNoOthers(string id)
    {
        using var scope = NewDisposeScope();
        using var training = Create(MethodCatalog.Find(id).Presets[0].Options);
        var (x, y) = Batch();
        foreach (var part in training.Turns.Distinct())
        {
            foreach (var (_, parameter) in training.TrainedParameters) parameter.grad = null;
            Total(training, x, y, part).backward();
            foreach (var (name, parameter) in training.TrainedParameters)
                Assert.Equal(training.PartOf(name) == part, parameter.grad is { } g && (g.abs().sum().item<float>() > 0 || name.EndsWith("output_bias")));
        }
    }

    [Fact]
    public void ACycleIsCriticsThenGeneratorThenEncoder()
    {
        using var scope = NewDisposeScope();
        using var mlis = Create(new MlisOptions { CriticSteps = 2, EncoderSteps = 3 });
        using var plain = Create(new FClswganOptions { CriticSteps = 2 });
        Assert.Equal([0, 0, 1, 2, 2, 2], mlis.Turns);
        Assert.Equal([0, 0, 1], plain.Turns);
    }

    public static TheoryData<MlisOptions, string, string> MlisRows => new()
    {
        { new() { ImplicitSemantics = false, RefinementWeight = 0 }, "generator", "metric" },                       // Table 3, ML
        { new() { RefinementWeight = 0 }, "generator", "metric" },                                                   // ML + IS
        { new(), "generator made-ce", "metric ce" },                                                                 // ML + IS + SFR
        { new() { GeneratorRefinementWeight = 0 }, "generator", "metric ce" },
        { new() { MetricLoss = MetricLoss.Contrastive, ImplicitSemantics = false }, "generator made-ce", "metric ce" },   // Table 4
        { new() { MetricLoss = MetricLoss.Contrastive }, "generator made-ce", "metric ce" },
        { new() { MetricLoss = MetricLoss.MultiSimilarity, ImplicitSemantics = false }, "generator made-ce", "metric ce" },
        { new() { MetricLoss = MetricLoss.MultiSimilarity }, "generator made-ce", "metric ce" },
        { new() { CircleForm = CircleForm.Paper }, "generator made-ce", "metric ce" },
        { new() { Concatenation = Concatenation.Raw }, "generator made-ce", "metric ce" },
        { new() { RefinementPerUnseenClass = 0, RefineSyntheticSeen = false }, "generator made-ce", "metric ce" },
    };

    [Theory]
    [MemberData(nameof(MlisRows))]
    public void TheRowsOfTheAblationTablesAreOptions(MlisOptions options, string generator, string encoder)
    {
        using var scope = NewDisposeScope();
        using var training = Create(options);
        var (x, y) = Batch();
        Assert.Equal(generator.Split(' '), training.Losses(x, y, 1).Select(t => t.Name.Replace(' ', '-')));
        Assert.Equal(encoder.Split(' '), training.Losses(x, y, 2).Select(t => t.Name));
        Assert.All(training.Losses(x, y, 2), t => Assert.True(float.IsFinite(t.Value.item<float>())));
    }

    [Fact]
    public void EveryMetricOptionChangesTheMetricLoss()
    {
        using var scope = NewDisposeScope();
        var (x, y) = Batch();
        MlisOptions[] variants =
        [
            new(), new() { ImplicitSemantics = false }, new() { SemanticShare = 0.9 }, new() { CircleForm = CircleForm.Paper },
            new() { MetricLoss = MetricLoss.Contrastive }, new() { MetricLoss = MetricLoss.MultiSimilarity }, new() { CircleMargin = 0.4 },
            new() { CircleScale = 32 }, new() { Concatenation = Concatenation.Raw }, new() { Concatenation = Concatenation.Raw, SemanticScale = 3 },
        ];
        var values = variants.Select(options =>
        {
            using var training = Create(options);
            return training.Losses(x, y, 2)[0].Value.item<float>();
        }).ToArray();
        Assert.Equal(variants.Length, values.Distinct().Count());
    }

    /// <summary>A share of 0 is plain metric learning; all of it leaves nothing to the embeddings.</summary>
    [Fact]
    public void TheSemanticShareGoesFromNothingToAll()
    {
        using var scope = NewDisposeScope();
        var (x, y) = Batch();
        float Metric(MlisOptions options)
        {
            using var training = Create(options);
            return training.Losses(x, y, 2)[0].Value.item<float>();
        }
        Assert.Equal(Metric(new() { ImplicitSemantics = false }), Metric(new() { SemanticShare = 0 }), 1e-3);
        Assert.Equal(Metric(new() { SemanticShare = 1 }), Metric(new() { Concatenation = Concatenation.Raw, SemanticScale = 1e5 }), 1e-2);
    }

    [Fact]
    public void ScaledFeaturesLieBetween0And1()
    {
        using var scope = NewDisposeScope();
        foreach (var scaling in Enum.GetValues<FeatureScaling>())
        {
            using var scaler = FeatureScaler.Create(scaling, Problem, CancellationToken.None);
            using var batch = Unseen.Training.FeatureBatches.Gather(Problem.Features, FeatureKind.Global, Problem.Train.Images, Problem.Train.Labels);
            var scaled = scaler.Scale(batch.Features);
            var (low, high) = scaling == FeatureScaling.MinMax ? (scaled.amin([0L]), scaled.amax([0L])) : (scaled.min(), scaled.max());
            Assert.True(low.abs().max().item<float>() < 1e-6 && (high - 1).abs().max().item<float>() < 1e-6, $"{scaling}");
        }
    }

    [Fact]
    public void TheClassifierSeesRealAndMadeFeatures()
    {
        using var scope = NewDisposeScope();
        using var training = Create(new FClswganOptions { SyntheticPerSeenClass = 2 });
        using var stage = training.Classifier(CancellationToken.None);
        var counts = stage.Problem.Train.Labels.CountBy(l => l).OrderBy(c => c.Key).Select(c => c.Value);
        Assert.Equal([8, 8, 8, 8, 8, 8, 12, 12], counts);                                      // 6 real + 2 made, or 12 made
        var row = new float[12];
        stage.Problem.Features.ReadGlobal(stage.Problem.Train.Count - 1, row);
        Assert.All(row, value => Assert.True(value >= 0));
    }

    [Fact]
    public void TheClassifierOfASeedIsAFunctionOfTheWeights()
    {
        using var scope = NewDisposeScope();
        using var training = Create(new MlisOptions());
        float[] Rows(int seed)
        {
            manual_seed(seed);
            using var stage = training.Classifier(CancellationToken.None);
            var rows = new float[24];
            stage.Problem.Features.ReadGlobal(stage.Problem.Train.Count - 1, rows);
            return rows;
        }
        Assert.Equal(Rows(1), Rows(1));
        Assert.NotEqual(Rows(1), Rows(2));
    }

    internal static GenerativeTraining Create(MethodOptions options)
    {
        manual_seed(1);
        return SmallGenerators.Narrow(options) switch
        {
            FClswganOptions o => new FClswganTraining(o, Problem, Precision.F32, CancellationToken.None),
            CeGzslOptions o => new CeGzslTraining(o, Problem, Precision.F32, CancellationToken.None),
            var o => new MlisTraining((MlisOptions)o, Problem, Precision.F32, CancellationToken.None),
        };
    }

    private static Tensor Total(GenerativeTraining training, Tensor x, Tensor y, int part) =>
        training.Losses(x, y, part).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b);

    private static (Tensor X, Tensor Y) Batch()
    {
        using var batch = Unseen.Training.FeatureBatches.Gather(Problem.Features, FeatureKind.Global, Problem.Train.Images.AsSpan(0, 18),
            Problem.Train.Labels.AsSpan(0, 18));
        return (batch.Features.clone(), batch.Labels.clone());
    }
}
