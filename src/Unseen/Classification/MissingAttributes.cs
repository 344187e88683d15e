namespace Unseen.Classification;

/// <summary>Where the values of attributes come from that the description of a class leaves out.</summary>
public sealed record MissingAttributes
{
    /// <summary>
    /// From the class whose values are nearest to the given ones (least mean square difference); the mean of several that are equally near.
    /// </summary>
    public static MissingAttributes Nearest { get; } = new();

    /// <summary>The mean over all classes of the model.</summary>
    public static MissingAttributes Mean { get; } = new() { IsMean = true };

    /// <summary>From a named class.</summary>
    public static MissingAttributes Like(string className) => new() { Class = className };

    private MissingAttributes() { }

    /// <summary>True for the mean.</summary>
    public bool IsMean { get; private init; }

    /// <summary>Name of the class to take values from, or null.</summary>
    public string? Class { get; private init; }
}
