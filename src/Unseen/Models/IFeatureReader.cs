namespace Unseen.Models;

/// <summary>Which features a model reads.</summary>
public enum FeatureKind
{
    /// <summary>Region features [batch, regions, visual], of length 1 each.</summary>
    Regions,

    /// <summary>Global features [batch, visual], raw mean over the regions.</summary>
    Global,
}

/// <summary>Whatever works on batches of features, to be trained or to score.</summary>
public interface IFeatureReader : IDisposable
{
    /// <summary>Which features it takes.</summary>
    FeatureKind FeatureKind { get; }
}
