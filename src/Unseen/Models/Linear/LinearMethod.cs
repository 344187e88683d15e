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
            using var features = GlobalFeatures.Create(normalisation, problem, cancellation);
            var moments = TrainingMoments.Compute(features, problem, cancellation);
            var x = features.ReadAll(problem.Features, problem.Evaluation, cancellation).to(float64).mm(moments.Basis).to(float32);
            foreach (var attributes in options.AttributeNormalisations)
                Grid(problem, moments, x, new LinearSetting(normalisation, attributes), found, cancellation);
        }
    }

    private void Grid(ZslProblem problem, TrainingMoments moments, Tensor x, LinearSetting setting, Action<ClosedFormCandidate> found,
        CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var vectors = ClassVectors.Create(problem, setting.Attributes);
        var system = solver.Prepare(moments, vectors[tensor(problem.SeenClasses, int64)]);
        foreach (var point in solver.Grid)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var weight = system.Solve(point).to(float32);                                     // [visual, attributes], rows in the eigenbasis
            var scores = LinearModel.Scores(solver.Score(point), x, x.mm(weight), weight, vectors.to(float32));
            found(new ClosedFormCandidate(Describe(setting, point),
                new ScoreTable(scores.cpu().data<float>().ToArray(), problem.Evaluation.Labels, problem.SeenClass)));
        }
    }

    public IZslModel Fit(ZslProblem problem, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (setting, point) = Parse(settings);
        using var features = GlobalFeatures.Create(setting.Features, problem, cancellation);
        var moments = TrainingMoments.Compute(features, problem, cancellation);
        var vectors = ClassVectors.Create(problem, setting.Attributes);
        var weight = moments.Basis.mm(solver.Prepare(moments, vectors[tensor(problem.SeenClasses, int64)]).Solve(point));
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
