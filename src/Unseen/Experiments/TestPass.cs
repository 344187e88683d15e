using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Models;
using Unseen.Reports;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>One pass over the test images: class scores, predicted attributes, pointing game, attribute-based and refined features.</summary>
internal sealed record TestPass(
    StackingCurve Curve, float[]? PredictedAttributes, ReportPointingGame? PointingGame, ReportFeaturePicture? AttributeFeatures,
    ReportFeaturePicture? RefinedFeatures)
{
    /// <summary>An attribute is judged in images of classes that have it at least this much, on the scale 0..1.</summary>
    private const float Present = 0.5f;

    private const int Tolerance = 1;

    public static TestPass Run(
        IZslModel model, ZslDataset dataset, ZslProblem problem, IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        using (CollectionPause.Begin()) model.Freeze();
        var scores = new float[(long)problem.Evaluation.Count * problem.Classes];
        float[]? predicted = null;
        var game = Pointing.Create(dataset, problem);
        var (features, refinedFeatures) = (new FeaturePicture(problem), new FeaturePicture(problem));
        Scoring.ForEachBatch(model, problem, problem.Evaluation, (start, output) =>
        {
            Shape.Require(output.ClassScores, "class scores", -1, problem.Classes);
            output.ClassScores.data<float>().CopyTo(scores, start * problem.Classes);
            if (output.PredictedAttributes is { } attributes)
            {
                predicted ??= new float[(long)problem.Evaluation.Count * attributes.shape[1]];
                attributes.contiguous().data<float>().CopyTo(predicted, start * (int)attributes.shape[1]);
            }
            if (output.RefinedFeatures is { } refined) refinedFeatures.AddRefined(refined, start);
            if (output.Attention is not { } attention) return;
            features.Add(attention, start);
            game?.Add(attention.contiguous().data<float>().ToArray(), start, (int)attention.shape[0]);
        }, progress, cancellation);
        var curve = StackingCurve.Compute(new ScoreTable(scores, problem.Evaluation.Labels, problem.SeenClass));
        return new TestPass(curve, predicted, game?.Report, features.Report(), refinedFeatures.Report());
    }

    /// <summary>Compares attention with the true places of the parts.</summary>
    private sealed class Pointing(ZslProblem problem, PointingGame game, ILookup<int, PartEntry> partsOf)
    {
        private bool judged;

        public static Pointing? Create(ZslDataset dataset, ZslProblem problem) =>
            dataset.Folder.Parts.Count > 0 && problem.Features.Grid is { } grid && problem.Semantics.Attributes == problem.Attributes.Count
                ? new Pointing(problem, new PointingGame([.. problem.Attributes.Select(a => a.Group)], grid.Height, grid.Width, Tolerance),
                    dataset.Folder.Parts.ToLookup(p => p.Image))
                : null;

        public ReportPointingGame? Report => judged ? new ReportPointingGame(Tolerance, game.Overall, game.Groups) : null;

        public void Add(float[] attention, int start, int count)
        {
            judged = true;
            var size = attention.Length / count;
            for (var i = 0; i < count; i++)
                game.Add(attention.AsSpan(i * size, size), Places(start + i));
        }

        private List<IReadOnlyList<PartPlace>> Places(int row)
        {
            var parts = partsOf[problem.Evaluation.Images[row]].ToList();
            var label = problem.Evaluation.Labels[row];
            return [.. problem.Attributes.Select((attribute, a) => (IReadOnlyList<PartPlace>)(Has(label, a)
                ? [.. parts.Where(p => attribute.Parts.Contains(p.Part)).Select(p => new PartPlace(p.X, p.Y))]
                : []))];
        }

        private bool Has(int label, int attribute) => problem.Semantics.Values[label, attribute] / problem.Semantics.Divisor >= Present;
    }
}
