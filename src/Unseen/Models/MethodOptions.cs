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

    /// <summary>Files or folders of published weights with which the method begins; none for most methods.</summary>
    public virtual IReadOnlyList<string> PretrainedWeights() => [];
}
