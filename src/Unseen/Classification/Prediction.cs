namespace Unseen.Classification;

/// <summary>One class that a picture may show.</summary>
/// <param name="Class">Class name.</param>
/// <param name="Probability">
/// 0..1, softmax((score - gamma if seen) / T) over the candidate classes, with gamma and T chosen on validation.
/// </param>
/// <param name="Score">Score of the model, before gamma; the very number that `unseen eval` works on.</param>
/// <param name="Unseen">True when the class had no training images.</param>
public sealed record Prediction(string Class, double Probability, float Score, bool Unseen);

/// <summary>Which classes a picture may belong to.</summary>
public enum CandidateClasses
{
    /// <summary>Seen and unseen classes (the generalized setting).</summary>
    All,

    /// <summary>Unseen classes only (the conventional setting).</summary>
    Unseen,

    /// <summary>Seen classes only.</summary>
    Seen,
}
