using Unseen.Features;
using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>
/// What a method may see: some classes, which of them are seen, the training images and the images to be scored. The final problem holds
/// all classes and the test images; a validation problem holds only seen classes, some of which play the unseen ones, so that a method
/// that is choosing its settings cannot reach the test set or the true unseen classes.
/// </summary>
public sealed record ZslProblem
{
    /// <summary>Semantics of the classes of this problem; a row index is a class id of the problem.</summary>
    public required ClassSemantics Semantics { get; init; }

    /// <summary>Per class: true when it has training images.</summary>
    public required bool[] SeenClass { get; init; }

    /// <summary>Attributes of the dataset, columns of the semantics when these are attributes.</summary>
    public required IReadOnlyList<AttributeEntry> Attributes { get; init; }

    /// <summary>Attribute word vectors [attributes, words], or null.</summary>
    public float[,]? WordVectors { get; init; }

    /// <summary>What can be said of the classes in words when the semantics are no attributes; null when they are, or there is nothing.</summary>
    public ClassFacts? Facts { get; init; }

    /// <summary>
    /// Semantics of the seen classes as they were at training, for a trained model whose seen classes were changed since; null when
    /// they are those of this problem. Methods that centre class vectors take the centre from here.
    /// </summary>
    public ClassSemantics? SeenAtTraining { get; init; }

    /// <summary>Features of the images.</summary>
    public required IFeatureSource Features { get; init; }

    /// <summary>Images to train on.</summary>
    public required LabelledImages Train { get; init; }

    /// <summary>Images to score: of seen classes (held out) and of unseen classes.</summary>
    public required LabelledImages Evaluation { get; init; }

    /// <summary>Number of classes.</summary>
    public int Classes => SeenClass.Length;

    /// <summary>Ids of the seen classes.</summary>
    public int[] SeenClasses => [.. Enumerable.Range(0, Classes).Where(c => SeenClass[c])];

    /// <summary>Ids of the unseen classes.</summary>
    public int[] UnseenClasses => [.. Enumerable.Range(0, Classes).Where(c => !SeenClass[c])];
}

/// <summary>Images with their classes.</summary>
/// <param name="Images">Image ids of the dataset.</param>
/// <param name="Labels">Class ids of the problem, one per image.</param>
public sealed record LabelledImages(int[] Images, int[] Labels)
{
    /// <summary>Number of images.</summary>
    public int Count => Images.Length;
}

/// <summary>Where features come from: a memory map, read row by row, so that memory does not grow with the number of images.</summary>
public interface IFeatureSource
{
    /// <summary>Regions per image; 1 when the features are global.</summary>
    int Regions { get; }

    /// <summary>Grid of the regions, or null when unknown.</summary>
    FeatureGrid? Grid { get; }

    /// <summary>Visual width of each feature store, in order; their sum is the width of a region.</summary>
    IReadOnlyList<int> VisualWidths { get; }

    /// <summary>Region features of one image [regions, visual]: L2-normalised per region and store, concatenated, scaled to length 1.</summary>
    void ReadRegions(int image, Span<float> destination);

    /// <summary>Global feature of one image [visual]: raw regions averaged per store, concatenated, not normalised.</summary>
    void ReadGlobal(int image, Span<float> destination);

    /// <summary>How pictures become pixels; null when the source has no pictures, only features.</summary>
    PreprocessingOptions? Pictures => null;

    /// <summary>Normalised pixels of one image [3, height, width].</summary>
    /// <exception cref="ConfigurationException">The source has no pictures, only features.</exception>
    void ReadPixels(int image, Span<float> destination) => throw new ConfigurationException([
        "This method reads pictures, but the dataset was opened with features. Open it with its pictures (without --features)."]);
}

/// <summary>Derived sizes of a feature source.</summary>
public static class FeatureSourceExtensions
{
    /// <summary>Width of a region or of a global feature.</summary>
    public static int Visual(this IFeatureSource source) => source.VisualWidths.Sum();
}
