using System.Globalization;
using Unseen.Data;
using Unseen.Models;
using Unseen.Models.Linear;
using Unseen.Semantics;
using Unseen.Tests.Contracts;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

/// <summary>The closed forms against their equations, solved directly in 64-bit.</summary>
public sealed class LinearTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly ZslProblem problem = TinyProblem.Create();
    private readonly Tensor x;          // [images, visual]
    private readonly Tensor perImage;   // [images, attributes]
    private readonly Tensor seen;       // [seen, attributes]
    private readonly Tensor oneHot;     // [images, seen]

    public LinearTests()
    {
        x = Normalised(problem, problem.Train.Images);
        seen = nn.functional.normalize(tensor(problem.Semantics.Values).to(float64), dim: 1)[..6];
        var labels = tensor(Array.ConvertAll(problem.Train.Labels, l => (long)l));
        perImage = seen.index_select(0, labels);
        oneHot = nn.functional.one_hot(labels, 6).to(float64);
    }

    [Theory]
    [InlineData(-3, -3, false)]
    [InlineData(0, 2, false)]
    [InlineData(1, -1, true)]
    [InlineData(3, 3, true)]
    public void EszslSolvesItsNormalEquations(int alpha, int gamma, bool plusMinus)
    {
        var form = Eszsl(new EszslOptions { SignedTargets = plusMinus });
        var targets = plusMinus ? oneHot * 2 - 1 : oneHot;
        var visual = x.t().mm(x) + Math.Pow(10, alpha) * eye(12, dtype: float64);
        var semantic = seen.t().mm(seen) + Math.Pow(10, gamma) * eye(8, dtype: float64);
        var left = linalg.solve(visual, x.t().mm(targets).mm(seen));
        Near(linalg.solve(semantic, left.t()).t(), Weight(form, ("alphaExponent", alpha), ("gammaExponent", gamma)));
    }

    [Fact]
    public void EszslVanishesWithAnInfiniteRegulariser()
    {
        var form = Eszsl(new EszslOptions());
        Assert.True(Weight(form, ("alphaExponent", 12), ("gammaExponent", 0)).abs().max().item<float>() < 1e-9);
        Assert.True(Weight(form, ("alphaExponent", 0), ("gammaExponent", 12)).abs().max().item<float>() < 1e-9);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(0.5)]
    [InlineData(3)]
    public void RidgeIsTheDirectSolution(double exponent)
    {
        var options = new RidgeOptions();
        var regularised = x.t().mm(x) + Math.Pow(10, exponent) * eye(12, dtype: float64);
        Near(linalg.solve(regularised, x.t().mm(perImage)), Weight(new LinearMethod(options, new RidgeSolver(options)), ("lambdaExponent",
            exponent)));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(0)]
    [InlineData(2.5)]
    public void SaeSolvesItsSylvesterEquation(double exponent)
    {
        var options = new SaeOptions();
        var lambda = Math.Pow(10, exponent);
        var encoder = Weight(new LinearMethod(options, new SaeSolver(options)), ("lambdaExponent", exponent), ("direction",
            0)).to(float64).t();
        var (a, b) = (perImage.t().mm(perImage), lambda * x.t().mm(x));
        Near((1 + lambda) * perImage.t().mm(x), a.mm(encoder) + encoder.mm(b));
    }

    /// <summary>Also of class vectors that have another length than 1.</summary>
    [Fact]
    public void SaeScoresAreCosines()
    {
        var options = new SaeOptions { AttributeNormalisations = [AttributeNormalisation.None] };
        new LinearMethod(options, new SaeSolver(options)).Candidates(problem, candidate =>
        {
            Assert.InRange(candidate.Scores.Scores.Max(Math.Abs), 0, 1.0001);
            using var model = new LinearMethod(options, new SaeSolver(options)).Fit(problem, candidate.Settings, CancellationToken.None);
            using var scope = NewDisposeScope();
            using var batch = FeatureBatches.Gather(problem.Features, FeatureKind.Global, problem.Evaluation.Images, problem.Evaluation.Labels);
            var output = model.Forward(batch.Features);
            Near(output.ClassScores.to(float64), output.Product!.Attributes.mm(output.Product.ClassVectors.t()));
        }, CancellationToken.None);
    }

    [Theory]
    [InlineData("ridge")]
    [InlineData("eszsl")]
    [InlineData("sae")]
    public void CandidatesScoreLikeTheFittedModelAndLoadGivesTheSameModel(string id)
    {
        var form = Form(id);
        var count = 0;
        var candidates = new List<Unseen.Models.ClosedFormCandidate>();
        form.Candidates(problem, candidates.Add, CancellationToken.None);
        Assert.Equal(candidates[0].Settings, form.DefaultSettings);
        foreach (var candidate in candidates.Where((_, i) => i % 7 == 0))
        {
            using var model = form.Fit(problem, candidate.Settings, CancellationToken.None);
            var scores = Scoring.Score(model, problem, problem.Evaluation, cancellation: CancellationToken.None).Scores;
            using var loaded = form.Load(problem, candidate.Settings, model.State);
            Assert.Equal(scores, Scoring.Score(loaded, problem, problem.Evaluation, cancellation: CancellationToken.None).Scores);
            var largest = candidate.Scores.Scores.Max(Math.Abs);
            Assert.All(scores.Zip(candidate.Scores.Scores), p => Assert.True(Math.Abs(p.First - p.Second) <= 1e-4 * largest));
            count++;
        }
        Assert.True(count >= 5);
    }

    [Theory]
    [InlineData(FeatureNormalisation.L2)]
    [InlineData(FeatureNormalisation.CentredL2)]
    [InlineData(FeatureNormalisation.LogCentredL2)]
    public void EveryStoreIsNormalisedByItself(FeatureNormalisation kind)
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 9).Select(_ => Enumerable.Range(0, 5).Select(_ => random.NextSingle() * 10 - 5).ToArray()).ToArray();
        var two = problem with
        {
            Features = new MemoryFeatures(rows, 1, [2, 3]),
            Train = new LabelledImages([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]),
            Evaluation = new LabelledImages([6, 7, 8], [0, 6, 7]),
        };
        using var features = GlobalFeatures.Create(kind, two, CancellationToken.None);
        var found = features.ReadAll(two.Features, two.Evaluation, CancellationToken.None);
        var spread = rows.Select(r => r.Select(v => kind == FeatureNormalisation.LogCentredL2 ? Math.Sign(v) * Math.Log(1 + Math.Abs(v))
            : v).ToArray()).ToArray();
        for (var i = 0; i < 3; i++)
        {
            var centred = Enumerable.Range(0, 5)
                .Select(d => spread[6 + i][d] - (kind == FeatureNormalisation.L2 ? 0 : spread.Take(6).Average(r => r[d]))).ToArray();
            var (first, second) = (Math.Sqrt(centred[..2].Sum(v => v * v)), Math.Sqrt(centred[2..].Sum(v => v * v)));
            for (var d = 0; d < 5; d++) Assert.Equal(centred[d] / (d < 2 ? first : second), found[i, d].item<float>(), 1e-5);
        }
    }

    [Theory]
    [InlineData(AttributeNormalisation.L2)]
    [InlineData(AttributeNormalisation.CentredL2)]
    [InlineData(AttributeNormalisation.None)]
    public void ClassVectorsHaveLengthOneOrAreLeftAlone(AttributeNormalisation kind)
    {
        var percent = TinyProblem.Create(scale: AttributeScale.Percent);
        var (values, divisor) = (percent.Semantics.Values, 100);
        using var found = ClassVectors.Create(percent, kind);
        for (var c = 0; c < percent.Classes; c++)
        {
            var expected = Enumerable.Range(0, percent.Semantics.Attributes).Select(a => values[c, a] / divisor
                - (kind == AttributeNormalisation.CentredL2 ? percent.SeenClasses.Average(seen => values[seen, a] / divisor) : 0)).ToArray();
            var length = kind == AttributeNormalisation.None ? 1 : Math.Sqrt(expected.Sum(v => v * v));
            for (var a = 0; a < expected.Length; a++) Assert.Equal(expected[a] / length, found[c, a].item<double>(), 1e-6);
        }
    }

    /// <summary>By the images to learn from, rows 0 to 5; the third dimension is constant there, and stays centred.</summary>
    [Theory]
    [InlineData(FeatureNormalisation.Standardised)]
    [InlineData(FeatureNormalisation.None)]
    public void FeaturesAreStandardisedOrLeftAlone(FeatureNormalisation kind)
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 9).Select(row =>
            Enumerable.Range(0, 4).Select(d => d == 2 && row < 6 ? 0.765207f : random.NextSingle() * 10 - 5).ToArray()).ToArray();
        var standard = problem with
        {
            Features = new MemoryFeatures(rows, 1, [1, 3]),
            Train = new LabelledImages([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]),
            Evaluation = new LabelledImages([6, 7, 8], [0, 6, 7]),
        };
        using var features = GlobalFeatures.Create(kind, standard, CancellationToken.None);
        using var loaded = GlobalFeatures.Load(kind, standard, features.State);
        foreach (var found in (Tensor[])[features.ReadAll(standard.Features, standard.Evaluation, CancellationToken.None),
            loaded.ReadAll(standard.Features, standard.Evaluation, CancellationToken.None)])
            for (var i = 0; i < 3; i++)
                for (var d = 0; d < 4; d++)
                {
                    var mean = rows.Take(6).Average(r => r[d]);
                    var deviation = Math.Sqrt(rows.Take(6).Average(r => Math.Pow(r[d] - mean, 2)));
                    var expected = kind == FeatureNormalisation.None ? rows[6 + i][d] : (rows[6 + i][d] - mean) / (d == 2 ? 1 : deviation);
                    Assert.Equal(expected, found[i, d].item<float>(), 1e-4);
                }
    }

    [Fact]
    public void CandidatesFitAndLoadLeaveNothingBehind() => Leak.None(() =>
    {
        var options = new RidgeOptions { LambdaExponents = [0, 1] };
        var form = new LinearMethod(options, new RidgeSolver(options));
        form.Candidates(problem, _ => { }, CancellationToken.None);
        var settings = form.DefaultSettings;
        using var model = form.Fit(problem, settings, CancellationToken.None);
        using var loaded = form.Load(problem, settings, model.State);
        Scoring.Score(loaded, problem, problem.Evaluation, cancellation: CancellationToken.None);
    });

    [Fact]
    public void AStoredModelWithoutItsTensorsOrSettingsIsRefused()
    {
        var form = Form("ridge");
        var settings = Settings(("lambdaExponent", 0));
        using var model = form.Fit(problem, settings, CancellationToken.None);
        Assert.Throws<CheckpointMismatchException>(() => form.Load(problem, settings, new Dictionary<string, Tensor>()));
        var state = new Dictionary<string, Tensor>(model.State) { ["weight"] = zeros(11, 8) };
        Assert.Equal("Model tensor 'weight' must have shape [12, 8], found [11, 8].",
            Assert.Throws<CheckpointMismatchException>(() => form.Load(problem, settings, state)).Message);
        Assert.Throws<CheckpointMismatchException>(() => form.Load(problem, new Dictionary<string, string>(), model.State));
        Assert.Throws<CheckpointMismatchException>(() =>
            form.Load(problem, new Dictionary<string, string>(settings) { ["featureNormalisation"] = "Unknown" }, model.State));
    }

    private static LinearMethod Eszsl(EszslOptions options) => new(options, new EszslSolver(options));

    private static LinearMethod Form(string id)
    {
        var (ridge, sae) = (new RidgeOptions(), new SaeOptions());
        return id switch
        {
            "ridge" => new LinearMethod(ridge, new RidgeSolver(ridge)),
            "sae" => new LinearMethod(sae, new SaeSolver(sae)),
            _ => Eszsl(new EszslOptions()),
        };
    }

    private Tensor Weight(LinearMethod form, params (string Name, double Value)[] point)
    {
        using var model = form.Fit(problem, Settings(point), CancellationToken.None);
        return model.State["weight"].clone();
    }

    private static Dictionary<string, string> Settings(params (string Name, double Value)[] point)
    {
        var settings = point.ToDictionary(p => p.Name, p => p.Value.ToString(CultureInfo.InvariantCulture));
        settings["featureNormalisation"] = nameof(FeatureNormalisation.L2);
        settings["attributeNormalisation"] = nameof(AttributeNormalisation.L2);
        return settings;
    }

    private static Tensor Normalised(ZslProblem problem, int[] images)
    {
        var values = new float[images.Length * 12];
        for (var i = 0; i < images.Length; i++) problem.Features.ReadGlobal(images[i], values.AsSpan(i * 12, 12));
        return nn.functional.normalize(tensor(values).reshape(-1, 12), dim: 1).to(float64);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        var error = (expected - actual).abs().max().item<double>() / expected.abs().max().item<double>();
        Assert.True(error < 1e-5, $"relative error {error:G3}");
    }

    public void Dispose() => scope.Dispose();
}
