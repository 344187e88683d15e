using Unseen.Explanation;

namespace Unseen.Classification;

/// <summary>
/// A picture after the backbones of a model: enough to classify it, to explain it and to try classes on it, again and again, without the
/// backbones. Immutable; belongs to the classifier that read it.
/// </summary>
public sealed class ImageFeatures
{
    internal ImageFeatures(string name, JoinedBackbones source, float[] values, PictureView view) =>
        (Name, Source, Values, View) = (name, source, values, view);

    /// <summary>File or name of the picture.</summary>
    public string Name { get; }

    /// <summary>Memory that it holds, in bytes.</summary>
    public long Bytes => sizeof(float) * ((long)Values.Length + View.Words.Length);

    /// <summary>The same picture under another name; the numbers are shared.</summary>
    public ImageFeatures Named(string name) => new(name, Source, Values, View);

    internal JoinedBackbones Source { get; }

    internal float[] Values { get; }

    internal PictureView View { get; }
}
