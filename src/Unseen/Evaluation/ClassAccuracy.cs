namespace Unseen.Evaluation;

/// <summary>One row of the per-class table.</summary>
/// <param name="Class">Class id.</param>
/// <param name="Seen">True when the class was seen in training.</param>
/// <param name="Images">Number of its images.</param>
/// <param name="Accuracy">Share of them that are right, 0..1; null without images.</param>
public sealed record ClassAccuracy(int Class, bool Seen, int Images, double? Accuracy);
