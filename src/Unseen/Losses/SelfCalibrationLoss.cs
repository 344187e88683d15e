using static TorchSharp.torch;

namespace Unseen.Losses;

/// <summary>
/// Self-calibration: minus the log of the probability mass on the unseen classes, which keeps training on seen classes from driving it
/// to zero (Huynh and Elhamifar, CVPR 2020; Eq. 5 of CVsC). Computed in log space, so that a tiny mass never underflows.
/// </summary>
public static class SelfCalibrationLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="classScores">Scores [batch, classes] with the margins that apply.</param>
    /// <param name="unseenClasses">Ids of the unseen classes [unseen], int64.</param>
    /// <param name="overBatch">True: -log of the batch mean of the mass (authors' codes). False: mean of -log of the mass (papers).</param>
    /// <returns>A scalar, at least 0.</returns>
    public static Tensor Compute(Tensor classScores, Tensor unseenClasses, bool overBatch)
    {
        Shape.Require(classScores, nameof(classScores), -1, -1);
        var unseen = classScores.index_select(1, unseenClasses).logsumexp(1); // [batch]
        var logMass = unseen - classScores.logsumexp(1);                      // [batch], at most 0
        return overBatch ? Math.Log(logMass.shape[0]) - logMass.logsumexp(0) : -logMass.mean();
    }

    /// <summary>
    /// As Eq. 11 of DUET writes it: mean over images of minus the sum of the log-probabilities of all unseen classes, so that each of them is
    /// lifted and not only their sum.
    /// </summary>
    /// <param name="classScores">Scores [batch, classes] with the margins that apply.</param>
    /// <param name="unseenClasses">Ids of the unseen classes [unseen], int64.</param>
    public static Tensor OfEveryClass(Tensor classScores, Tensor unseenClasses)
    {
        Shape.Require(classScores, nameof(classScores), -1, -1);
        return -classScores.log_softmax(1).index_select(1, unseenClasses).sum(1).mean();
    }
}
