using Unseen.Data;
using Unseen.Explanation;
using Unseen.Models;
using Unseen.Reports;
using Unseen.Training;
using static TorchSharp.torch;

namespace Unseen.Experiments;

/// <summary>Sample pictures with the attention of the attributes that decided.</summary>
internal static class DemoGallery
{
    private const int Pictures = 6;
    private const int AttributesPerPicture = 3;

    /// <summary>Overlays of test images of several classes, unseen ones first; none when the model has no attention.</summary>
    public static IReadOnlyList<ReportPicture> Draw(ZslDataset dataset, string modelPath, CancellationToken cancellation)
    {
        var record = ModelFolder.ReadRecord(modelPath);
        using var model = ModelFolder.Load(modelPath, record);
        var problem = dataset.TestProblem();
        if (model.FeatureKind != FeatureKind.Regions || problem.Features.Grid is null) return [];
        var rows = problem.Evaluation.Labels.Index().DistinctBy(l => l.Item).OrderBy(l => problem.SeenClass[l.Item]).Take(Pictures).Select(l => l.Index);
        var images = problem.Evaluation.Images;
        return [.. rows.SelectMany(row => Overlays(dataset, problem, model, record.Selection.Gamma, dataset.Label([images[row]]), cancellation))];
    }

    private static List<ReportPicture> Overlays(
        ZslDataset dataset, ZslProblem problem, IZslModel model, double gamma, LabelledImages image, CancellationToken cancellation)
    {
        var pictures = new List<ReportPicture>();
        Scoring.ForEachBatch(model, problem, image, (_, output) =>
        {
            if (output.Attention is not { } attention || output.PredictedAttributes is not { } predicted) return;
            var seen = tensor(Array.ConvertAll(problem.SeenClass, s => s ? (float)gamma : 0));
            var best = (int)(output.ClassScores - seen).argmax(1).item<long>();
            var evidence = (output.AttributeEffect ?? predicted)[0] * tensor(Enumerable.Range(0, problem.Semantics.Attributes).Select(a => problem.Semantics.Values[best, a]).ToArray());
            foreach (var attribute in evidence.topk(Math.Min(AttributesPerPicture, problem.Semantics.Attributes)).indexes.data<long>().ToArray())
                pictures.Add(Picture(dataset, problem, image, best, (int)attribute, attention[0, attribute].contiguous().data<float>().ToArray()));
        }, cancellation: cancellation);
        return pictures;
    }

    private static ReportPicture Picture(ZslDataset dataset, ZslProblem problem, LabelledImages image, int predicted, int attribute, float[] attention)
    {
        var names = problem.Semantics.ClassNames;
        var path = dataset.Folder.ImagePath(dataset.Folder.Images[image.Images[0]]);
        var kind = problem.SeenClass[image.Labels[0]] ? "seen" : "unseen";
        return new ReportPicture(AttentionOverlay.Draw(path, attention, problem.Features.Grid!.Value),
            $"{names[image.Labels[0]]} ({kind}), recognised as {names[predicted]}: where the model looks for \"{problem.Attributes[attribute].Phrase}\"");
    }
}
