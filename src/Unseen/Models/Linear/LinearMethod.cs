using System.Globalization;
using Unseen.Data;
using Unseen.Evaluation;
using static TorchSharp.torch;

namespace Unseen.Models.Linear;

/// <summary>
/// The common way of ridge, ESZSL and SAE: one eigendecomposition of the Gram matrix per feature normalisation makes every point of the
/// grid a few small products: the resolvent of a matrix is elementwise in its eigenbasis.
/// </summary>
internal sealed class LinearMethod(LinearOptions options, ILinearSolver solver) : IClosedForm
{
    public IReadOnlyDictionary<string, string> DefaultSettings =>
        Describe(new LinearSetting(options.FeatureNormalisations[0], options.AttributeNormalisations[0]), solver.Grid.First());

    public void Candidates(ZslProblem problem, Action<ClosedFormCandidate> found, CancellationToken cancellation)
    {
        foreach (var normalisation in options.FeatureNormalisations)
        {
            using var scope = NewDisposeScope();
            var (moments, x) = Prepare(normalisation, problem, cancellation);
            foreach (var attributes in options.AttributeNormalisations)
                Grid(problem, moments, x, new LinearSetting(normalisation, attributes), found, cancellation);
        }
    }

    /// <summary>What all points of a feature normalisation share: the training images, and the evaluation images in their eigenbasis [images, visual].</summary>
    private static (TrainingMoments Moments, Tensor Images) Prepare(FeatureNormalisation normalisation, ZslProblem problem, CancellationToken cancellation)
    {
        using var pause = CollectionPause.Begin();
        using var features = GlobalFeatures.Create(normalisation, problem, cancellation);
        var moments = TrainingMoments.Compute(features, problem, cancellation);
        return (moments, features.ReadAll(problem.Features, problem.Evaluation, cancellation).to(float64).mm(moments.Basis).to(float32));
    }

    private void Grid(ZslProblem problem, TrainingMoments moments, Tensor x, LinearSetting setting, Action<ClosedFormCandidate> found,
        CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (vectors, system) = Prepare(moments, problem, setting);
        foreach (var point in solver.Grid)
        {
            cancellation.ThrowIfCancellationRequested();
            var scores = Scores(system, point, x, vectors);
            found(new ClosedFormCandidate(Describe(setting, point), new ScoreTable(scores, problem.Evaluation.Labels, problem.SeenClass)));
        }
    }

    private (Tensor Vectors, ILinearSystem System) Prepare(TrainingMoments moments, ZslProblem problem, LinearSetting setting)
    {
        using var pause = CollectionPause.Begin();
        var vectors = ClassVectors.Create(problem, setting.Attributes);
        return (vectors, solver.Prepare(moments, vectors[tensor(problem.SeenClasses, int64)]));
    }

    /// <summary>Scores [images, classes] of a point, row-major; a section of its own, since all points together leave more than one may.</summary>
    private float[] Scores(ILinearSystem system, double[] point, Tensor x, Tensor vectors)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        var weight = system.Solve(point).to(float32);                                         // [visual, attributes], rows in the eigenbasis
        return LinearModel.Scores(solver.Score(point), x, x.mm(weight), weight, vectors.to(float32)).cpu().data<float>().ToArray();
    }

    public IZslModel Fit(ZslProblem problem, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        var (setting, point) = Parse(settings);
        using var features = GlobalFeatures.Create(setting.Features, problem, cancellation);
        var moments = TrainingMoments.Compute(features, problem, cancellation);
        var weight = moments.Basis.mm(Prepare(moments, problem, setting).System.Solve(point));
        return new LinearModel(problem, setting, solver.Score(point), weight, features.State);
    }

    public IZslModel Load(ZslProblem problem, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, Tensor> state)
    {
        var (setting, point) = Parse(settings);
        var weight = StoredState.Require(state, "weight", problem.Features.Visual(), problem.Semantics.Attributes);
        return new LinearModel(problem, setting, solver.Score(point), weight, state);
    }

    private Dictionary<string, string> Describe(LinearSetting setting, IReadOnlyList<double> point)
    {
        var settings = new Dictionary<string, string>
        {
            ["featureNormalisation"] = setting.Features.ToString(),
            ["attributeNormalisation"] = setting.Attributes.ToString(),
        };
        foreach (var (name, value) in solver.Names.Zip(point)) settings[name] = value.ToString(CultureInfo.InvariantCulture);
        return settings;
    }

    private (LinearSetting Setting, double[] Point) Parse(IReadOnlyDictionary<string, string> settings) => (
        new LinearSetting(
            StoredState.Member<FeatureNormalisation>(settings, "featureNormalisation"),
            StoredState.Member<AttributeNormalisation>(settings, "attributeNormalisation")),
        [.. solver.Names.Select(name => StoredState.Number(settings, name))]);
}

/// <summary>The equation of one closed form.</summary>
internal interface ILinearSolver
{
    /// <summary>Names of the numbers of a grid point.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The points of the grid.</summary>
    IEnumerable<double[]> Grid { get; }

    /// <summary>How a point's model compares images and classes.</summary>
    LinearScore Score(IReadOnlyList<double> point);

    /// <summary>Does what all points share.</summary>
    /// <param name="moments">Training images.</param>
    /// <param name="seenVectors">Normalised vectors of the seen classes [seen, attributes], 64-bit.</param>
    ILinearSystem Prepare(TrainingMoments moments, Tensor seenVectors);
}

/// <summary>A prepared equation.</summary>
internal interface ILinearSystem
{
    /// <summary>The weight W [visual, attributes] of a grid point, rows in the eigenbasis of the Gram matrix.</summary>
    Tensor Solve(IReadOnlyList<double> point);
}
