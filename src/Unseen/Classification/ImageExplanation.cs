using Unseen.Explanation;
using Unseen.Features;

namespace Unseen.Classification;

/// <summary>
/// Why a model answers what it answers: the lead of one class over another, part by part. For methods whose scores are a product of attributes
/// and class vectors the parts are exact: they sum to the lead. Other methods give the classes only.
/// </summary>
public sealed record ImageExplanation
{
    private readonly PictureView view;
    private readonly FeatureGrid? grid;

    internal ImageExplanation(PictureView view, FeatureGrid? grid) => (this.view, this.grid) = (view, grid);

    /// <summary>File or name of the picture; "file" in JSON.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("file")]
    public required string Name { get; init; }

    /// <summary>The most probable classes, best first.</summary>
    public required IReadOnlyList<Prediction> Top { get; init; }

    /// <summary>The class that is explained: the most probable one.</summary>
    public required Prediction Answer { get; init; }

    /// <summary>The class that the picture really shows; null where it is not known (<see cref="ZeroShotClassifier.WithTruth"/>).</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? TrueClass { get; init; }

    /// <summary>The class it is compared with: the one that was asked for, or the second best; null when there is no other candidate.</summary>
    public required Prediction? Rival { get; init; }

    /// <summary>Calibrated score of the answer less that of the rival, at least 0: the sum of all contributions and <see cref="Rest"/>.</summary>
    public required double Lead { get; init; }

    /// <summary>
    /// The part of the lead that no attribute gives: gamma, and the method's own margin between seen and unseen classes.
    /// </summary>
    public required double Rest { get; init; }

    /// <summary>All attributes, the largest contribution first; empty when the method's scores do not come from attributes.</summary>
    public required IReadOnlyList<AttributeEvidence> Evidence { get; init; }

    /// <summary>
    /// The fewest attributes without which the answer would not be ahead of the rival: were the first so many of <see cref="Evidence"/> not seen in
    /// the picture (a predicted value of 0, which is no evidence), the lead would be 0 or less. 0 when attributes alone do not decide.
    /// </summary>
    public int DecidingCount
    {
        get
        {
            var left = Lead;
            for (var count = 0; count < Evidence.Count && Evidence[count].Contribution > 0; count++)
                if ((left -= Evidence[count].Contribution) <= 0) return count + 1;
            return 0;
        }
    }

    /// <summary>
    /// For each attribute the smallest change that would make another class the answer (the rival, when one was asked for): those within the
    /// values that the model predicts first, the smallest of them first.
    /// </summary>
    public required IReadOnlyList<AttributeFlip> Flips { get; init; }

    /// <summary>
    /// The fewest changes within the values that the model predicts of this picture, from its least to its largest, after which another class (the rival,
    /// when one was asked for) has the answer's score; null when there are none, when it has that score already, or when the method's scores do not come from
    /// attributes.
    /// </summary>
    public AttributeChanges? Changes { get; init; }

    /// <summary>Whether the rival is a class that was asked for, so that flips and changes are about no other.</summary>
    internal bool IsAsked { get; init; }

    /// <summary>
    /// What the picture shows, group by group, for methods that read prompts (DUET); null for the others. It is about the picture, whatever the
    /// answer is.
    /// </summary>
    public IReadOnlyList<PromptAnswer>? Prompts { get; init; }

    /// <summary>The picture as the model's first backbone sees it: resized and cropped. A PNG file.</summary>
    public byte[] Picture() => AttentionOverlay.Draw(view);

    /// <summary>Where the model looks for an attribute, as a warm veil on the picture. A PNG file, or null when the method has no attention.</summary>
    /// <param name="evidence">An attribute of <see cref="Evidence"/>.</param>
    public byte[]? Overlay(AttributeEvidence evidence) =>
        Overlay(evidence.Attention);

    /// <summary>
    /// The other way round, of methods with visual-to-attribute attention (MSDN, MSDN++): which regions look at the attribute. A PNG file, or null.
    /// </summary>
    /// <param name="evidence">An attribute of <see cref="Evidence"/>.</param>
    public byte[]? VisualOverlay(AttributeEvidence evidence) => Overlay(evidence.VisualAttention);

    private byte[]? Overlay(IReadOnlyList<float>? attention) =>
        attention is not null && grid is { } regions ? AttentionOverlay.Draw(view, attention, regions) : null;
}

/// <summary>What one attribute adds to the lead of the answer over its rival.</summary>
/// <param name="Attribute">Name of the attribute.</param>
/// <param name="Phrase">The attribute in words.</param>
/// <param name="Group">Group of the attribute, may be empty.</param>
/// <param name="Predicted">What the image has of it, on the scale of the model: larger is more, and 0 is no evidence.</param>
/// <param name="AnswerValue">What the answer has of it, 0..1 (as in the dataset when its scale is raw).</param>
/// <param name="RivalValue">What the rival has of it; that of the answer when there is no rival.</param>
/// <param name="Contribution">Added to the lead; negative when it speaks for the rival.</param>
/// <param name="Effect">The part of the contribution that attention adds to uniform attention, or null when the method does not tell.</param>
public sealed record AttributeEvidence(
    string Attribute, string Phrase, string Group, double Predicted, double AnswerValue, double RivalValue, double Contribution, double? Effect)
{
    /// <summary>Attention per region, row by row, summing to 1; null when the method has none.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<float>? Attention { get; init; }

    /// <summary>
    /// Share of each region's attention that this attribute has, row by row; over all attributes a region's sum to 1. Null when the method has no
    /// visual-to-attribute attention.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<float>? VisualAttention { get; init; }
}

/// <summary>A change of one attribute that makes another class the answer.</summary>
/// <param name="Attribute">Name of the attribute.</param>
/// <param name="Phrase">The attribute in words.</param>
/// <param name="From">What the image has of it, on the scale of the model.</param>
/// <param name="To">What it would need: at this value the two classes are equal.</param>
/// <param name="Class">The class that would become the answer.</param>
public sealed record AttributeFlip(string Attribute, string Phrase, double From, double To, string Class)
{
    /// <summary>
    /// True when <see cref="To"/> lies between the least and the largest value that the model predicts of any attribute of this picture; what lies
    /// beyond is arithmetic, not something that a picture would show.
    /// </summary>
    public bool IsWithin { get; init; }

    /// <summary>A third class that would be ahead of both at this value, which happens only when a class was asked for; else null.</summary>
    public string? Ahead { get; init; }
}

/// <summary>Changes of attributes that together make another class the answer.</summary>
/// <param name="Class">The class that would have the answer's score.</param>
/// <param name="Attributes">The changes, the one that gives most first; the last goes only as far as it must.</param>
public sealed record AttributeChanges(string Class, IReadOnlyList<AttributeChange> Attributes)
{
    /// <summary>A third class that would be ahead of both, or null.</summary>
    public string? Ahead { get; init; }
}

/// <summary>A change of one attribute.</summary>
/// <param name="Attribute">Name of the attribute.</param>
/// <param name="Phrase">The attribute in words.</param>
/// <param name="From">What the image has of it, on the scale of the model.</param>
/// <param name="To">What it would have.</param>
public sealed record AttributeChange(string Attribute, string Phrase, double From, double To);
