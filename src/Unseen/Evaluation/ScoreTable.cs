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
}
