using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Models;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>Runs a model over images and collects what the metrics need.</summary>
public static class Scoring
{
    private const int BatchSize = 100;

    /// <summary>Class scores of labelled images.</summary>
    /// <param name="model">Trained model.</param>
    /// <param name="problem">Classes and features.</param>
    /// <param name="images">Images to score.</param>
    /// <param name="progress">Receives progress.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    public static ScoreTable Score(
        IZslModel model, ZslProblem problem, LabelledImages images, IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        var scores = new float[(long)images.Count * problem.Classes];
        ForEachBatch(model, problem, images, (start, output) =>
        {
            Shape.Require(output.ClassScores, "class scores", -1, problem.Classes);
            output.ClassScores.data<float>().CopyTo(scores, start * problem.Classes);
        }, progress, cancellation);
        return new ScoreTable(scores, images.Labels, problem.SeenClass);
    }

    /// <summary>Predicted attributes [images, attributes], row-major, of a model that predicts them.</summary>
    public static float[] PredictAttributes(IZslModel model, ZslProblem problem, LabelledImages images, CancellationToken cancellation = default)
    {
        var attributes = problem.Semantics.Attributes;
        var predicted = new float[(long)images.Count * attributes];
        ForEachBatch(model, problem, images,
            (start, output) => output.PredictedAttributes!.contiguous().data<float>().CopyTo(predicted, start * attributes), null, cancellation);
        return predicted;
    }

    /// <summary>
    /// How strongly each attribute answers the question of its group [images, attributes], row-major; null for a model that reads no prompts.
    /// </summary>
    public static float[]? PromptedAttributes(
        IZslModel model, ZslProblem problem, LabelledImages images, IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        if (model is not IPromptedModel asked) return null;
        var attributes = problem.Semantics.Attributes;
        float[]? answers = null;
        ForEachBatch(model, problem, images, "prompts", (start, features) =>
        {
            if (asked.PromptedAttributes(features) is not { } answer) return false;
            answers ??= new float[(long)images.Count * attributes];
            answer.cpu().contiguous().data<float>().CopyTo(answers, start * attributes);
            return true;
        }, progress, cancellation);
        return answers;
    }

    /// <summary>Calls <paramref name="use"/> with the output of every batch and the index of its first image.</summary>
    public static void ForEachBatch(
        IZslModel model, ZslProblem problem, LabelledImages images, Action<int, ModelOutput> use,
        IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default) =>
        ForEachBatch(model, problem, images, "scoring", (start, features) =>
        {
            use(start, OnProcessor(model.Forward(features)));
            return true;
        }, progress, cancellation);

    /// <summary>Calls <paramref name="use"/> with the features of every batch and the index of its first image, until it says false.</summary>
    private static void ForEachBatch(
        IZslModel model, ZslProblem problem, LabelledImages images, string what, Func<int, Tensor, bool> use,
        IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        for (var start = 0; start < images.Count; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var range = start..Math.Min(start + BatchSize, images.Count);
            using var batch = FeatureBatches.Gather(problem.Features, model.FeatureKind, images.Images.AsSpan(range), images.Labels.AsSpan(range));
            using (CollectionPause.Begin())                 // not while pictures are read
                if (!use(start, batch.Features)) return;
            progress?.Report(new ProgressUpdate(what, range.End.Value, images.Count, "images"));
        }
    }

    private static ModelOutput OnProcessor(ModelOutput output) =>
        new(output.ClassScores.cpu(), output.PredictedAttributes?.cpu(), output.Attention?.cpu())
        {
            VisualAttention = output.VisualAttention?.cpu(),
            AttributeEffect = output.AttributeEffect?.cpu(),
            RefinedFeatures = output.RefinedFeatures?.cpu(),
            Product = output.Product is { } product ? new(product.Attributes.cpu(), product.ClassVectors.cpu()) : null,
        };
}
