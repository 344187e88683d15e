namespace Unseen.Models;

/// <summary>Which features a model reads.</summary>
public enum FeatureKind
{
    /// <summary>Region features [batch, regions, visual], of length 1 each.</summary>
    Regions,

    /// <summary>Global features [batch, visual], raw mean over the regions.</summary>
    Global,

    /// <summary>Normalised pixels [batch, 3·height·width], plane by plane.</summary>
    Pixels,
}

/// <summary>Whatever works on batches of features, to be trained or to score.</summary>
public interface IFeatureReader : IDisposable
{
    /// <summary>Which features it takes.</summary>
    FeatureKind FeatureKind { get; }
}
