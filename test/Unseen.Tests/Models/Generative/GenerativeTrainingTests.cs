using Unseen.Data;
using Unseen.Experiments;
using Unseen.Experiments.Reproduction;
using Unseen.Models;
using Unseen.Models.Generative;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Generative.Mlis;
using Unseen.Models.Linear;
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

    /// <summary>Rows of experiments/mlis-cub.yaml. Table 4 is about the metric losses alone: no row of it refines.</summary>
    public static TheoryData<string, MlisOptions, string, string> TableRows => new()
    {
        { "ML", new() { ImplicitSemantics = false, RefinementWeight = 0 }, "generator", "metric" },                  // Table 3
        { "ML + IS", new() { RefinementWeight = 0 }, "generator", "metric" },
        { "ML + IS + SFR", new(), "generator made-ce", "metric ce" },
        {
            "contrastive loss", new() { MetricLoss = MetricLoss.Contrastive, ImplicitSemantics = false, RefinementWeight = 0 },   // Table 4
            "generator", "metric"
        },
        { "contrastive loss + IS", new() { MetricLoss = MetricLoss.Contrastive, RefinementWeight = 0 }, "generator", "metric" },
        {
            "multi-similarity loss", new() { MetricLoss = MetricLoss.MultiSimilarity, ImplicitSemantics = false, RefinementWeight = 0 },
            "generator", "metric"
        },
        { "multi-similarity loss + IS", new() { MetricLoss = MetricLoss.MultiSimilarity, RefinementWeight = 0 }, "generator", "metric" },
    };

    [Theory]
    [MemberData(nameof(TableRows))]
    public void TheRowsOfTheAblationTablesAreThoseOfTheExperiment(string row, MlisOptions options, string generator, string encoder)
    {
        var experiment = ExperimentCatalog.Find("mlis-cub");
        var settings = new ReproductionOptions { Dataset = "d", Features = ["f"], Output = "o" };
        Assert.Equal(options, RowConfiguration.Load(experiment, experiment.Ablation.Single(r => r.Name == row), settings).Options);
        RequireTerms(options, generator, encoder);
    }

    [Fact]
    public void TheTablesHaveNoOtherRows() =>
        Assert.Equal(ExperimentCatalog.Find("mlis-cub").Ablation.Select(r => r.Name), TableRows.Select(r => r.Data.Item1));

    public static TheoryData<MlisOptions, string, string> MlisVariants => new()
    {
        { new() { GeneratorRefinementWeight = 0 }, "generator", "metric ce" },
        { new() { MetricLoss = MetricLoss.Contrastive }, "generator made-ce", "metric ce" },
        { new() { MetricLoss = MetricLoss.MultiSimilarity }, "generator made-ce", "metric ce" },
        { new() { CircleForm = CircleForm.Paper }, "generator made-ce", "metric ce" },
        { new() { Concatenation = Concatenation.Raw }, "generator made-ce", "metric ce" },
        { new() { Concatenation = Concatenation.AsGiven }, "generator made-ce", "metric ce" },
        { new() { RefineSyntheticSeen = false }, "generator made-ce", "metric ce" },
        { new() { RefinementPerUnseenClass = 0 }, "generator made-ce", "metric ce" },
        { new() { RefinementPerUnseenClass = 0, RefineSyntheticSeen = false }, "generator", "metric ce" },
    };

    [Theory]
    [MemberData(nameof(MlisVariants))]
    public void TheOptionsOfMlisSwitchItsLosses(MlisOptions options, string generator, string encoder) =>
        RequireTerms(options, generator, encoder);

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
            new() { Concatenation = Concatenation.AsGiven },
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

    /// <summary>What the networks see of the class vectors says nothing about their share in the similarities.</summary>
    [Theory]
    [InlineData(Concatenation.Balanced)]
    [InlineData(Concatenation.Raw)]
    [InlineData(Concatenation.AsGiven)]
    public void TheSemanticsOfTheSimilaritiesAreThoseOfTheConcatenation(Concatenation concatenation)
    {
        using var scope = NewDisposeScope();
        var (x, y) = Batch();
        float Metric(AttributeNormalisation normalisation)
        {
            using var training = Create(new MlisOptions { Concatenation = concatenation, AttributeNormalisation = normalisation });
            return training.Losses(x, y, 2)[0].Value.item<float>();
        }
        Assert.Equal(Metric(AttributeNormalisation.L2), Metric(AttributeNormalisation.None), 1e-4);
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

    internal static GenerativeTraining Create(MethodOptions options, ZslProblem? problem = null)
    {
        manual_seed(1);
        problem ??= Problem;
        return SmallGenerators.Narrow(options) switch
        {
            FClswganOptions o => new FClswganTraining(o, problem, Precision.F32, CancellationToken.None),
            CeGzslOptions o => new CeGzslTraining(o, problem, Precision.F32, CancellationToken.None),
            var o => new MlisTraining((MlisOptions)o, problem, Precision.F32, CancellationToken.None),
        };
    }

    private static void RequireTerms(MlisOptions options, string generator, string encoder)
    {
        using var scope = NewDisposeScope();
        using var training = Create(options);
        var (x, y) = Batch();
        Assert.Equal(generator.Split(' '), training.Losses(x, y, 1).Select(t => t.Name.Replace(' ', '-')));
        var terms = training.Losses(x, y, 2);
        Assert.Equal(encoder.Split(' '), terms.Select(t => t.Name));
        Assert.Equal(0.02, terms[0].Weight);                                                   // as the shipped experiments leave it
        Assert.All(terms, t => Assert.True(float.IsFinite(t.Value.item<float>())));
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
