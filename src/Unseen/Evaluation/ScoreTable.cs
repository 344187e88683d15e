namespace Unseen.Evaluation;

/// <summary>Class scores of labelled images, on the method's final scale: the input of every metric.</summary>
/// <param name="Scores">Scores, row-major [images, classes].</param>
/// <param name="Labels">Class id per image, 0..classes-1. An image belongs to the seen or unseen test set by its label's class.</param>
/// <param name="SeenClass">Per class: true when it was seen in training.</param>
public sealed record ScoreTable(float[] Scores, int[] Labels, bool[] SeenClass)
{
    /// <summary>Number of classes.</summary>
    public int Classes => SeenClass.Length;

    /// <summary>Number of images.</summary>
    public int Images => Labels.Length;

    /// <summary>Scores of one image.</summary>
    public ReadOnlySpan<float> Row(int image) => Scores.AsSpan(image * Classes, Classes);

    /// <summary>Throws when the arrays do not fit together; NaN and infinite scores are found later, while the scores are read.</summary>
    /// <exception cref="ShapeException">The number of scores is not images x classes, or a label is no class id.</exception>
    internal void Require()
    {
        if (Scores.Length != (long)Images * Classes)
            throw new ShapeException($"Score table: expected {Images} images x {Classes} classes = {(long)Images * Classes} scores, " +
                $"found {Scores.Length}. Pass the scores row-major, one row per label.");
        var wrong = ClassIds.FirstOutside(Labels, Classes);
        if (wrong >= 0)
            throw new ShapeException($"Score table: the label of image {wrong} must be a class id from 0 to {Classes - 1}, " +
                $"found {Labels[wrong]}.");
    }
}
