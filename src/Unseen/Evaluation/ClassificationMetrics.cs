namespace Unseen.Evaluation;

/// <summary>Right answers counted per class, and the accuracies that follow.</summary>
/// <remarks>
/// Macro is the mean of the per-class accuracies over the classes that have at least one image (Xian et al., Zero-shot learning:
/// a comprehensive evaluation, TPAMI 2019, section 4.2); micro is the share of images that are right. A set without images has no
/// accuracy: null, never NaN.
/// </remarks>
public sealed class ClassificationMetrics
{
    private readonly int[] images;
    private readonly int[] correct;

    private ClassificationMetrics(int[] images, int[] correct) => (this.images, this.correct) = (images, correct);

    /// <summary>Number of classes.</summary>
    public int Classes => images.Length;

    /// <summary>Counts the right answers.</summary>
    /// <param name="predicted">Predicted class id per image; an id outside 0..classes-1 counts as wrong.</param>
    /// <param name="labels">True class id per image, 0..classes-1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ShapeException">The two lists differ in length or a label is no class id.</exception>
    public static ClassificationMetrics Of(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes)
    {
        Require(predicted, labels, classes);
        var (images, correct) = (new int[classes], new int[classes]);
        for (var i = 0; i < labels.Length; i++)
        {
            images[labels[i]]++;
            if (predicted[i] == labels[i]) correct[labels[i]]++;
        }
        return new(images, correct);
    }

    /// <summary>Number of images of one class.</summary>
    public int Images(int classId) => images[classId];

    /// <summary>Number of right answers for one class.</summary>
    public int Correct(int classId) => correct[classId];

    /// <summary>Accuracy of one class, 0..1, or null when it has no image.</summary>
    public double? PerClassAccuracy(int classId) => images[classId] == 0 ? null : (double)correct[classId] / images[classId];

    /// <summary>Mean per-class accuracy, 0..1, over all classes with images; null when there is none.</summary>
    public double? Macro() => Macro(_ => true);

    /// <summary>Mean per-class accuracy, 0..1, over the wanted classes with images; null when there is none.</summary>
    public double? Macro(Func<int, bool> wanted)
    {
        var accuracies = Wanted(wanted).Select(c => (double)correct[c] / images[c]).ToList();
        return accuracies.Count == 0 ? null : accuracies.Average();
    }

    /// <summary>Share of right answers, 0..1, over all images; null when there is none.</summary>
    public double? Micro() => Micro(_ => true);

    /// <summary>Share of right answers, 0..1, over the images of the wanted classes; null when there is none.</summary>
    public double? Micro(Func<int, bool> wanted)
    {
        var classes = Wanted(wanted).ToList();
        return classes.Count == 0 ? null : (double)classes.Sum(c => (long)correct[c]) / classes.Sum(c => (long)images[c]);
    }

    /// <summary>One row per class, in class order.</summary>
    /// <param name="seenClass">Per class: true when it was seen in training.</param>
    public IReadOnlyList<ClassAccuracy> Table(IReadOnlyList<bool> seenClass) =>
        [.. Enumerable.Range(0, Classes).Select(c => new ClassAccuracy(c, seenClass[c], images[c], PerClassAccuracy(c)))];

    /// <summary>H = 2US/(U+S): the harmonic mean of unseen and seen accuracy; 0 when both are 0, null when either is null.</summary>
    public static double? HarmonicMean(double? unseen, double? seen) =>
        unseen is not { } u || seen is not { } s ? null : u + s == 0 ? 0 : 2 * u * s / (u + s);

    private IEnumerable<int> Wanted(Func<int, bool> wanted) => Enumerable.Range(0, Classes).Where(c => images[c] > 0 && wanted(c));

    private static void Require(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes)
    {
        if (predicted.Length != labels.Length)
            throw new ShapeException($"Accuracy: expected one prediction per label, found {predicted.Length} predictions " +
                $"and {labels.Length} labels.");
        var wrong = ClassIds.FirstOutside(labels, classes);
        if (wrong >= 0)
            throw new ShapeException($"Accuracy: the label of image {wrong} must be a class id from 0 to {classes - 1}, " +
                $"found {labels[wrong]}.");
    }
}
