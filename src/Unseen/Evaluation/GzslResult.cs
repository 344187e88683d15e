namespace Unseen.Evaluation;

/// <summary>Accuracies of the generalized setting at one gamma, as fractions of 1. A test set without images has null accuracy.</summary>
/// <param name="Gamma">Value subtracted from the scores of seen classes.</param>
/// <param name="U">Unseen accuracy: images of unseen classes, arg max over all classes, macro over the unseen classes.</param>
/// <param name="S">Seen accuracy: images of seen classes, arg max over all classes, macro over the seen classes.</param>
/// <param name="H">Harmonic mean of U and S; null when either is null.</param>
/// <param name="MicroU">Share of right answers over the images of unseen classes.</param>
/// <param name="MicroS">Share of right answers over the images of seen classes.</param>
public sealed record GzslResult(double Gamma, double? U, double? S, double? H, double? MicroU, double? MicroS);

/// <summary>One point of the seen-unseen curve.</summary>
/// <param name="Gamma">Smallest gamma of the point; negative infinity for the first one.</param>
/// <param name="U">Unseen accuracy, 0..1.</param>
/// <param name="S">Seen accuracy, 0..1.</param>
public readonly record struct CurvePoint(double Gamma, double U, double S);
