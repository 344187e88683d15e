namespace Unseen.Evaluation;

/// <summary>Who may look at the test set, and when.</summary>
public enum EvaluationProtocol
{
    /// <summary>Epochs and gamma are chosen on validation classes; the test set is scored once.</summary>
    Clean,

    /// <summary>The authors' habit: the best test epoch by H. Every number is test-selected.</summary>
    Published,
}

/// <summary>What kind of numbers gamma is subtracted from.</summary>
public enum GammaScale
{
    /// <summary>Unbounded scores before any softmax.</summary>
    Logit,

    /// <summary>Cosines, -1..1.</summary>
    Cosine,

    /// <summary>Softmax probabilities over all classes, 0..1.</summary>
    Probability,
}
