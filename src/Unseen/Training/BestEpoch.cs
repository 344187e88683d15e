namespace Unseen.Training;

/// <summary>Which figure of an epoch decides.</summary>
public enum EpochCriterion
{
    /// <summary>Best H of the gamma sweep on the evaluation images (clean protocol, validation).</summary>
    BestGammaH,

    /// <summary>H at gamma 0, the authors' own calibration (published protocol, test).</summary>
    UncalibratedH,
}

/// <summary>Finds the epoch with the best figure; the earliest of equals.</summary>
public static class BestEpoch
{
    /// <summary>The best epoch that was evaluated, or null.</summary>
    public static EpochRecord? Of(IEnumerable<EpochRecord> history, EpochCriterion criterion) =>
        history.Where(e => e.Validation is not null).MaxBy(e => Value(e.Validation!, criterion));

    internal static double Value(EpochScore score, EpochCriterion criterion) =>
        criterion == EpochCriterion.BestGammaH ? score.H : score.UncalibratedH;
}
