using Unseen.Features;

namespace Unseen.Classification;

public sealed partial class ZeroShotClassifier
{
    /// <summary>
    /// Decodes a picture and sends it through the backbones, which is nearly all of the work. Several threads may do this at once, while
    /// <see cref="Classify(IReadOnlyList{ImageFeatures})"/> scores what is ready.
    /// </summary>
    /// <param name="encoded">Content of an image file.</param>
    /// <param name="name">Name for results and messages.</param>
    /// <exception cref="UnreadableImageException">The bytes are no picture, damaged, truncated or too large.</exception>
    public ImageFeatures Read(ReadOnlySpan<byte> encoded, string name)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        using var image = ImageDecoder.Decode(encoded, name, options.MaximumPixels);
        return Read(image, name);
    }

    /// <summary>Scores many pictures in one pass of the model.</summary>
    /// <param name="pictures">Pictures that this classifier has read.</param>
    /// <returns>One result per picture, in order; a picture whose scores are no numbers has an error instead.</returns>
    /// <exception cref="UnseenException">A picture was read by another classifier.</exception>
    public IReadOnlyList<ClassifiedFile> Classify(IReadOnlyList<ImageFeatures> pictures)
    {
        foreach (var picture in pictures) RequireOwn(picture);
        return Score([.. pictures.Select(p => p.Name)], [.. pictures.Select(p => p.Values)]);
    }

    /// <summary>Says why a picture gets its answer.</summary>
    /// <param name="picture">A picture that this classifier has read.</param>
    /// <param name="rival">The class to compare with ("why not this one?"); null for the second best, as when it is the answer itself.</param>
    /// <param name="candidates">Classes that the picture may belong to.</param>
    /// <param name="top">How many of the most probable classes are told, at least 1.</param>
    /// <exception cref="UnknownNameException">The rival is no candidate class.</exception>
    /// <exception cref="UnseenException">There is no candidate, or the picture was read by another classifier.</exception>
    public ImageExplanation Explain(ImageFeatures picture, string? rival, CandidateClasses candidates, int top)
    {
        RequireOwn(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        lock (scoring)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var statement = model.State(picture.Values);
            var found = new ClassifiedImage(picture.Name, model.Classes, statement.Scores, candidates);
            var best = found.Top(Math.Max(top, 2));
            if (best.Count == 0) throw new UnseenException($"{picture.Name}: the model has no class among the candidates ({candidates}).");
            var asked = rival is null || found.Of(rival) == best[0] ? null : found.Of(rival);
            return Explain(found, [.. best.Take(top)], asked ?? best.ElementAtOrDefault(1), asked is not null, statement, picture.View);
        }
    }

    private ImageFeatures Read(DecodedImage image, string name)
    {
        var values = backbones.Read(image, name, kind, out var view);
        return new(name, backbones, values, view);
    }

    private void RequireOwn(ImageFeatures picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (!ReferenceEquals(picture.Source, backbones))
            throw new UnseenException($"{picture.Name}: this picture was read by another classifier. Read it again with the one that is to judge it.");
    }
}
