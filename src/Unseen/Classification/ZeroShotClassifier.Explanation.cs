using Unseen.Explanation;
using Unseen.Features;

namespace Unseen.Classification;

public sealed partial class ZeroShotClassifier
{
    private const int ExplainedClasses = 5;

    /// <summary>Says why a file gets its answer: which attributes put it ahead of the second best, and which changes would flip it.</summary>
    /// <param name="path">Picture file.</param>
    /// <exception cref="UnreadableImageException">The file is missing, no picture, damaged, truncated or too large.</exception>
    public ImageExplanation Explain(string path) => Explain(path, rival: null);

    /// <summary>Says why a file gets its answer and not another one.</summary>
    /// <param name="path">Picture file.</param>
    /// <param name="rival">The class to compare with ("why not this one?"); null for the second best, as when it is the answer itself.</param>
    /// <exception cref="UnreadableImageException">The file is missing, no picture, damaged, truncated or too large.</exception>
    /// <exception cref="UnknownNameException">The rival is no candidate class.</exception>
    public ImageExplanation Explain(string path, string? rival)
    {
        using var image = ImageDecoder.DecodeFile(path, options.MaximumPixels);
        return Explain(image, path, rival);
    }

    /// <summary>Says why an encoded picture in memory gets its answer.</summary>
    /// <param name="encoded">Content of an image file.</param>
    /// <param name="name">Name for the result and messages.</param>
    /// <param name="rival">The class to compare with; null for the second best.</param>
    /// <exception cref="UnreadableImageException">The bytes are no picture, damaged, truncated or too large.</exception>
    /// <exception cref="UnknownNameException">The rival is no candidate class.</exception>
    public ImageExplanation Explain(ReadOnlySpan<byte> encoded, string name, string? rival)
    {
        using var image = ImageDecoder.Decode(encoded, name, options.MaximumPixels);
        return Explain(image, name, rival);
    }

    /// <summary>An explanation with the class that the picture really shows: what prompts read stands beside what this class has (DUET, figure 6).</summary>
    /// <param name="explanation">An explanation of this classifier.</param>
    /// <param name="trueClass">A class of the model.</param>
    /// <exception cref="UnknownNameException">There is no such class.</exception>
    public ImageExplanation WithTruth(ImageExplanation explanation, string trueClass)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        var record = Model;
        var (truth, share) = (record.FindClass(trueClass) ?? throw ClassNames.Unknown(trueClass, record.Classes), PromptAnswer.Shares(record));
        var columnOf = record.Attributes.Index().ToDictionary(a => a.Item.Name, a => a.Index, StringComparer.Ordinal);
        return explanation with
        {
            TrueClass = truth.Name,
            Prompts = explanation.Prompts is not { } prompts ? null : [.. prompts.Select(p => p with
            {
                Attributes = [.. p.Attributes.Select(a => a with { TrueValue = share(truth, columnOf[a.Attribute]) })],
                TrueAttributes = PromptAnswer.Strongest(record.Attributes.Index().Where(a => a.Item.Group == p.Prompt), k => share(truth, k)),
            })],
        };
    }

    private ImageExplanation Explain(DecodedImage image, string name, string? rival)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return Explain(Read(image, name), rival, options.Candidates, ExplainedClasses);
    }

    private ImageExplanation Explain(
        ClassifiedImage found, IReadOnlyList<Prediction> top, Prediction? rival, bool isAsked, ModelStatement statement, PictureView view)
    {
        var calibrated = found.Calibrated();
        var (first, second) = (Index(top[0]), Index(rival ?? top[0]));
        var builder = statement.Attributes is { } attributes ? new ExplanationBuilder(model.Record, attributes, calibrated) : null;
        var evidence = builder?.Evidence(first, second) ?? [];
        var lead = calibrated[first] - calibrated[second];
        var share = PromptAnswer.Shares(model.Record);
        return new(view, model.Record.Grid)
        {
            Name = found.Name,
            Top = top,
            Answer = top[0],
            Rival = rival,
            IsAsked = isAsked,
            Lead = lead,
            Rest = lead - evidence.Sum(e => e.Contribution),
            Evidence = evidence,
            Flips = builder?.Flips(first, isAsked ? second : null) ?? [],
            Changes = builder?.Changes(first, isAsked ? second : null),
            Prompts = statement.Prompted is { } prompted
                ? PromptAnswer.Of(model.Record.Attributes, prompted, k => share(model.Record.Classes[first], k)) : null,
        };

        int Index(Prediction prediction) => model.Classes.Entries.Index().First(c => c.Item.Name == prediction.Class).Index;
    }
}
