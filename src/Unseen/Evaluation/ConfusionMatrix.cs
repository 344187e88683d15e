namespace Unseen.Evaluation;

/// <summary>How often images of one class were taken for another.</summary>
public sealed class ConfusionMatrix
{
    private ConfusionMatrix(int[,] counts) => Counts = counts;

    /// <summary>Number of images [true class, predicted class].</summary>
    public int[,] Counts { get; }

    /// <summary>Number of classes.</summary>
    public int Classes => Counts.GetLength(0);

    /// <summary>Counts predictions.</summary>
    /// <param name="predicted">Predicted class id per image, 0..classes-1.</param>
    /// <param name="labels">True class id per image, 0..classes-1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ShapeException">The lists differ in length or hold something that is no class id.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes)
    {
        Require(predicted, labels, classes);
        var counts = new int[classes, classes];
        for (var i = 0; i < labels.Length; i++) counts[labels[i], predicted[i]]++;
        return new(counts);
    }

    /// <summary>The most frequent mistakes: true class, predicted class and number of images, most frequent first.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<(int True, int Predicted, int Images)> TopMistakes(int count) =>
        [.. Mistakes().OrderByDescending(m => m.Images).ThenBy(m => m.True).ThenBy(m => m.Predicted).Take(count)];

    private IEnumerable<(int True, int Predicted, int Images)> Mistakes()
    {
        for (var t = 0; t < Classes; t++)
            for (var p = 0; p < Classes; p++)
                if (t != p && Counts[t, p] > 0) yield return (t, p, Counts[t, p]);
    }

    private static void Require(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes)
    {
        if (predicted.Length != labels.Length)
            throw new ShapeException($"Confusion matrix: expected one prediction per label, found {predicted.Length} predictions " +
                $"and {labels.Length} labels.");
        if (ClassIds.FirstOutside(labels, classes) is >= 0 and var i)
            throw new ShapeException($"Confusion matrix: the label of image {i} must be a class id from 0 to {classes - 1}, " +
                $"found {labels[i]}.");
        if (ClassIds.FirstOutside(predicted, classes) is >= 0 and var j)
            throw new ShapeException($"Confusion matrix: the prediction of image {j} must be a class id from 0 to {classes - 1}, " +
                $"found {predicted[j]}.");
    }
}
