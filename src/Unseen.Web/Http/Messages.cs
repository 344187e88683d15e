using System.Text.Json.Serialization;
using Unseen.Classification;

namespace Unseen.Web.Http;

/// <summary>A model in the list of models.</summary>
internal sealed record ModelSummary(string Name, string Method, bool Default);

/// <summary>All about a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Method">Identifier of its method.</param>
/// <param name="Dataset">Dataset of the training.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Calibrated">False when probabilities are a plain softmax.</param>
/// <param name="Editable">True when classes can be added and changed.</param>
/// <param name="FixedBecause">Why they cannot, in a sentence; null when they can.</param>
/// <param name="TokenRequired">True when changes need the token.</param>
/// <param name="Backbones">Backbones in the order of their features.</param>
/// <param name="Attributes">Attributes in the order of the values of a class.</param>
/// <param name="Scale">Scale of the class table: unit (0..1), percent (0..100) or raw.</param>
/// <param name="Metrics">Test figures; null for a model that was trained without a test.</param>
/// <param name="Limits">What a request may send.</param>
internal sealed record ModelAnswer(
    string Name, string Method, string Dataset, ClassCounts Classes, bool Calibrated, bool Editable, string? FixedBecause, bool TokenRequired,
    IReadOnlyList<BackboneAnswer> Backbones, IReadOnlyList<ModelAttribute> Attributes, string Scale, MetricsAnswer? Metrics, LimitsAnswer Limits);

/// <summary>Number of classes.</summary>
internal sealed record ClassCounts(int Seen, int Unseen);

/// <summary>A backbone of a model.</summary>
internal sealed record BackboneAnswer(string Name, string Layer, string Sha256, int Visual, IReadOnlyList<int>? Grid);

/// <summary>An attribute of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">Group of attributes that exclude each other.</param>
/// <param name="Phrase">Words for people.</param>
/// <param name="Least">Least value that a class has, in the scale of the class table.</param>
/// <param name="Largest">Largest value that a class has, in the scale of the class table.</param>
internal sealed record ModelAttribute(string Name, string Group, string Phrase, float Least, float Largest);

/// <summary>Test figures as fractions of 1; null where a test set has no image.</summary>
internal sealed record MetricsAnswer(double? T1, double? U, double? S, double? H, double? Ausuc);

/// <summary>What a request may send.</summary>
internal sealed record LimitsAnswer(long MaxBodyBytes, int MaxImages, long MaxPixels);

/// <summary>A class in the list of classes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unseen">True when it had no training images.</param>
/// <param name="Added">True when it was added since training.</param>
internal sealed record ClassSummary(string Name, bool Unseen, bool Added);

/// <summary>All about a class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unseen">True when it had no training images.</param>
/// <param name="Added">True when it was added since training.</param>
/// <param name="Values">One value per attribute of the model, 0..1; as in the dataset when the scale is raw.</param>
/// <param name="Similar">The most similar classes, nearest first.</param>
internal sealed record ClassAnswer(string Name, bool Unseen, bool Added, IReadOnlyList<double> Values, IReadOnlyList<SimilarClass> Similar);

/// <summary>A picture that was classified, or why it was not.</summary>
/// <param name="File">File name as it was sent.</param>
/// <param name="Top">The most probable classes, best first; empty when there is an error.</param>
/// <param name="Image">Identifier for later questions about the picture; left out when there is an error.</param>
/// <param name="Error">Why the picture could not be read; left out otherwise.</param>
internal sealed record PictureAnswer(
    string File, IReadOnlyList<Prediction> Top, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Image = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

/// <summary>Why a picture gets its answer.</summary>
/// <param name="File">File name as it was sent.</param>
/// <param name="Image">Identifier for later questions about the picture.</param>
/// <param name="Answer">The most probable class.</param>
/// <param name="Rival">The class that it is compared with; null when there is no other candidate.</param>
/// <param name="Lead">Calibrated score of the answer less that of the rival.</param>
/// <param name="Rest">The part of the lead that no attribute gives.</param>
/// <param name="DecidingCount">The fewest attributes without which the answer would not lead; 0 when attributes alone do not decide.</param>
/// <param name="Top">The most probable classes, best first.</param>
/// <param name="Evidence">The attributes with the largest contributions for or against.</param>
/// <param name="Flips">The smallest changes of one attribute each that would make another class the answer.</param>
/// <param name="Changes">The fewest changes within what the model predicts that together make another class the answer; null when there are none.</param>
/// <param name="Prompts">What the picture shows, group by group; null for methods that read no prompts.</param>
/// <param name="Picture">The picture as the model sees it.</param>
internal sealed record ExplanationAnswer(
    string File, string Image, Prediction Answer, Prediction? Rival, double Lead, double Rest, int DecidingCount, IReadOnlyList<Prediction> Top,
    IReadOnlyList<EvidenceAnswer> Evidence, IReadOnlyList<AttributeFlip> Flips, AttributeChanges? Changes, IReadOnlyList<PromptAnswer>? Prompts, string Picture);

/// <summary>What one attribute adds to the lead.</summary>
internal sealed record EvidenceAnswer(
    string Attribute, string Phrase, string Group, double Predicted, double AnswerValue, double RivalValue, double Contribution, double? Effect,
    IReadOnlyList<float>? Attention, IReadOnlyList<int>? Grid, string? Overlay, IReadOnlyList<float>? VisualAttention, string? VisualOverlay);

/// <summary>A new class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Attributes">Values 0..1 by attribute name; those that are left out are filled.</param>
/// <param name="Describe">Sentence that names attributes by their phrases; each gets the value 1.</param>
/// <param name="Like">Class that gives the values of attributes that are left out.</param>
/// <param name="Rest">nearest or mean: where values of attributes that are left out come from when like is not given.</param>
/// <param name="DryRun">True to say what would change, and change nothing.</param>
internal sealed record NewClass(
    string Name, IReadOnlyDictionary<string, float>? Attributes = null, string? Describe = null, string? Like = null, string? Rest = null, bool DryRun = false);

/// <summary>Attributes to set.</summary>
/// <param name="Attributes">Values 0..1 by attribute name; the others stay.</param>
internal sealed record ChangedClass(IReadOnlyDictionary<string, float> Attributes);

/// <summary>A class to try.</summary>
/// <param name="Image">Identifier of a picture that was sent before; left out when the picture is a part of the form, or when there is none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Attributes">Values 0..1 by attribute name.</param>
/// <param name="Describe">Sentence that names attributes by their phrases; each gets the value 1.</param>
/// <param name="Like">Class that gives the values of attributes that are left out.</param>
/// <param name="Rest">nearest or mean.</param>
internal sealed record TriedClass(
    string? Image = null, string? Name = null, IReadOnlyDictionary<string, float>? Attributes = null, string? Describe = null, string? Like = null,
    string? Rest = null);

/// <summary>What a class would do.</summary>
/// <param name="File">File name as it was sent, or null.</param>
/// <param name="Image">Identifier of the picture, or null.</param>
/// <param name="Top">The most probable classes with the invented one among them; empty without a picture.</param>
/// <param name="Invented">The invented class and its place among all candidates; null without a picture or when it is no candidate.</param>
/// <param name="Values">Its whole row after filling, one value per attribute of the model.</param>
/// <param name="Given">Number of attributes that were given.</param>
/// <param name="Filled">Number of attributes that were filled.</param>
/// <param name="FilledFrom">Where they come from.</param>
/// <param name="Matched">Attributes that the sentence names.</param>
/// <param name="Ignored">Words of the sentence that were not understood, and its negations.</param>
/// <param name="Similar">Classes so similar that the model will confuse them with this one.</param>
internal sealed record TrialAnswer(
    string? File, string? Image, IReadOnlyList<TriedPrediction> Top, InventedRank? Invented, IReadOnlyList<double> Values, int Given, int Filled,
    IReadOnlyList<string> FilledFrom, IReadOnlyList<string> Matched, IReadOnlyList<string> Ignored, IReadOnlyList<SimilarClass> Similar);

/// <summary>A class of a ranking with an invented class.</summary>
internal sealed record TriedPrediction(string Class, double Probability, float Score, bool Unseen, bool Invented);

/// <summary>The place of the invented class.</summary>
internal sealed record InventedRank(string Class, double Probability, float Score, int Rank);

/// <summary>Whether the server lives, or takes pictures.</summary>
internal sealed record StatusAnswer(string Status);
