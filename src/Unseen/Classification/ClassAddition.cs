namespace Unseen.Classification;

/// <summary>What a change of a class did.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Seen">True when it counts as seen.</param>
/// <param name="Given">Number of attributes that were given.</param>
/// <param name="Filled">Number of attributes that were not, and were filled.</param>
/// <param name="FilledFrom">Where they come from: class names, or "mean of all classes"; empty when nothing was filled.</param>
/// <param name="Notes">What to know of it: values that were changed, for example negative ones that became 0, and a class whose name differs only in writing.</param>
/// <param name="Similar">Classes so similar that the model will confuse them with this one, nearest first.</param>
public sealed record ClassAddition(
    string Class, bool Seen, int Given, int Filled, IReadOnlyList<string> FilledFrom, IReadOnlyList<string> Notes,
    IReadOnlyList<SimilarClass> Similar);

/// <summary>A class that resembles another.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Cosine">Cosine of the two attribute vectors, -1..1.</param>
public sealed record SimilarClass(string Class, double Cosine)
{
    /// <summary>
    /// True when it had training images. Then most of its pictures will get the name of an unseen class that resembles it: seen classes give up gamma.
    /// </summary>
    public bool Seen { get; init; }
}
