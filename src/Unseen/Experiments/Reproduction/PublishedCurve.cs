using System.ComponentModel.DataAnnotations;
using Unseen.Experiments.Configuration;

namespace Unseen.Experiments.Reproduction;

/// <summary>A curve of a paper's figure: the accuracies at several values of one option.</summary>
public sealed record PublishedCurve : IValidatedOptions
{
    /// <summary>What is varied, for people.</summary>
    [Required] public string Name { get; init; } = "";

    /// <summary>Paper and figure.</summary>
    [Required] public string Source { get; init; } = "";

    /// <summary>Key of the method's options, a number, for example "circleMargin".</summary>
    [Required] public string Option { get; init; } = "";

    /// <summary>Its values, rising. A figure does not tell them exactly, so they are ours unless the paper names them.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>What the paper says about the curve, in words; null when nothing.</summary>
    public string? Finding { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Values.Count < 2) yield return $"values must be two numbers or more, found {Values.Count}.";
        if (Values.Zip(Values.Skip(1)).Any(pair => pair.First >= pair.Second)) yield return "values must rise.";
    }

    /// <summary>The settings of one point.</summary>
    internal RowSettings At(double value)
    {
        var location = new SourceLocation($"{Source}, {Option} {ScalarText.Write(value)}");
        var options = new ConfigMapping(location);
        options.Put(new(Option, new ConfigScalar(ScalarText.Write(value), location), location));
        return new(options, null);
    }
}
