namespace Unseen.Evaluation;

/// <summary>Attributes predicted for labelled images.</summary>
/// <param name="Values">Predicted attributes, row-major [images, attributes].</param>
/// <param name="Labels">Class id per image.</param>
public sealed record AttributePredictions(float[] Values, int[] Labels)
{
    /// <summary>Number of images.</summary>
    public int Images => Labels.Length;

    internal void Require(string name, int attributes, int classes)
    {
        if (Values.Length != (long)Images * attributes)
            throw new ShapeException($"Semantic error: expected {Images} {name} images x {attributes} attributes = " +
                $"{(long)Images * attributes} " +
                $"predicted values, found {Values.Length}. Pass one row per label.");
        if (ClassIds.FirstOutside(Labels, classes) is >= 0 and var i)
            throw new ShapeException($"Semantic error: the label of {name} image {i} must be a class id from 0 to {classes - 1}, " +
                $"found {Labels[i]}.");
        if (Array.FindIndex(Values, v => !float.IsFinite(v)) is >= 0 and var at)
            throw new UnseenException($"Semantic error: attribute {at % attributes} of {name} image {at / attributes} is not finite. " +
                "The model has diverged or its features are broken.");
    }
}
