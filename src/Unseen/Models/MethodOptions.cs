using Unseen.Evaluation;
using Unseen.Models.Encoders;

namespace Unseen.Models;

/// <summary>Base of the options of a method: what only this method knows. Epochs, batch and learning rate are training options.</summary>
public abstract record MethodOptions
{
    /// <summary>How the method reads pictures itself; null (usual) when it reads features that a backbone has made before.</summary>
    public virtual PictureInput? Pictures() => null;

    /// <summary>
    /// True when these options tell regions of a picture apart, so that one feature per picture means nothing to them. False for most methods: one
    /// feature is a picture of one region.
    /// </summary>
    public virtual bool NeedsRegions() => false;

    /// <summary>
    /// What training finds in the files or folders of published weights with which the method begins, from names and shapes alone; none for most
    /// methods.
    /// </summary>
    /// <exception cref="ConfigurationException">Weights are needed and not given.</exception>
    /// <exception cref="CheckpointMismatchException">A file does not fit.</exception>
    /// <exception cref="DatasetFormatException">A file cannot be read.</exception>
    public virtual IReadOnlyList<WeightReport> PretrainedWeights() => [];

    /// <summary>Scale of the scores, on which gamma acts, where these options change it; null for that of the method.</summary>
    public virtual GammaScale? ScoreScale() => null;
}
