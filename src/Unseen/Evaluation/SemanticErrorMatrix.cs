namespace Unseen.Evaluation;

/// <summary>
/// How far the predicted attributes of a class's images lie from its annotation:
/// e_ck = mean over the images n of class c of (s_nk - s_ck)², both sides normalised.
/// </summary>
/// <remarks>
/// Fu et al., CVsC, ACM MM 2024, equation 14 and table 4. The paper normalises predictions "in the same manner" as annotations without
/// naming it; here both become z-scores per attribute: predictions with mean and deviation of the predictions on the training images,
/// annotations with those of the same images' class rows. So the error does not depend on scale or offset of a method's attribute scores,
/// a model whose attributes are right up to scale and offset has error 0, and one whose attributes are unrelated to the annotation has
/// about 2.
/// An attribute that is constant in training counts as 0 on its side. Figures of the paper use another normalisation: compare ratios.
/// </remarks>
public sealed class SemanticErrorMatrix
{
    private SemanticErrorMatrix(int[] classes, bool[] seen, double[,] errors) => (Classes, Seen, Errors) = (classes, seen, errors);

    /// <summary>Class id of each row: the classes with at least one image, ascending.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>Per row: true when the class was seen in training.</summary>
    public IReadOnlyList<bool> Seen { get; }

    /// <summary>Mean squared errors of normalised attributes [rows, attributes].</summary>
    public double[,] Errors { get; }

    /// <summary>Mean over the seen classes and all attributes; null without such a class.</summary>
    public double? MeanSeen => Mean(true);

    /// <summary>Mean over the unseen classes and all attributes; null without such a class.</summary>
    public double? MeanUnseen => Mean(false);

    /// <summary>
    /// (unseen - seen) / seen: how much larger the error is on unseen classes; null when either mean is missing or seen is 0.
    /// </summary>
    public double? RelativeIncrease => MeanSeen is { } s and not 0 && MeanUnseen is { } u ? (u - s) / s : null;

    /// <summary>Computes the matrix.</summary>
    /// <param name="training">Predictions for training images: they fit the normalisation, at least one image.</param>
    /// <param name="test">Predictions for test images: they are judged.</param>
    /// <param name="classAttributes">Annotated class attributes [classes, attributes], any scale.</param>
    /// <param name="seenClass">Per class: true when it was seen in training.</param>
    /// <exception cref="ShapeException">Arrays do not fit together.</exception>
    /// <exception cref="UnseenException">No training image, or a predicted value is not finite.</exception>
    public static SemanticErrorMatrix Compute(
        AttributePredictions training, AttributePredictions test, float[,] classAttributes, bool[] seenClass)
    {
        Require(training, test, classAttributes, seenClass);
        var attributes = classAttributes.GetLength(1);
        var predicted = AttributeNormalisation.Fit(training.Images, attributes, (image, a) => training.Values[image * attributes + a]);
        var annotated = AttributeNormalisation.Fit(training.Images, attributes, (image, a) => classAttributes[training.Labels[image], a]);
        var classes = test.Labels.Distinct().Order().ToArray();
        var errors = new double[classes.Length, attributes];
        Accumulate(errors, classes, test, (image, a) =>
            predicted.Normalise(a, test.Values[image * attributes + a]) - annotated.Normalise(a, classAttributes[test.Labels[image], a]));
        return new(classes, [.. classes.Select(c => seenClass[c])], errors);
    }

    private static void Accumulate(double[,] errors, int[] classes, AttributePredictions test, Func<int, int, double> difference)
    {
        var images = test.Labels.CountBy(label => label).ToDictionary();
        for (var image = 0; image < test.Images; image++)
        {
            var row = Array.BinarySearch(classes, test.Labels[image]);
            for (var a = 0; a < errors.GetLength(1); a++)
                errors[row, a] += Math.Pow(difference(image, a), 2) / images[test.Labels[image]];
        }
    }

    private double? Mean(bool seen)
    {
        var rows = Enumerable.Range(0, Classes.Count).Where(row => Seen[row] == seen).ToList();
        var attributes = Errors.GetLength(1);
        return rows.Count == 0 || attributes == 0
            ? null
            : rows.Average(row => Enumerable.Range(0, attributes).Average(a => Errors[row, a]));
    }

    private static void Require(AttributePredictions training, AttributePredictions test, float[,] classAttributes, bool[] seenClass)
    {
        var (classes, attributes) = (classAttributes.GetLength(0), classAttributes.GetLength(1));
        if (seenClass.Length != classes)
            throw new ShapeException($"Semantic error: expected one seen flag for each of {classes} classes, found {seenClass.Length}.");
        training.Require("training", attributes, classes);
        test.Require("test", attributes, classes);
        if (training.Images == 0)
            throw new UnseenException("Semantic error: no training image, so the predictions cannot be normalised. " +
                "Pass predictions for training images.");
    }
}
