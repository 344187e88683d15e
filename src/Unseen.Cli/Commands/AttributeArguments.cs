using System.CommandLine;
using System.Globalization;

namespace Unseen.Cli.Commands;

/// <summary>Arguments of the form name=value.</summary>
internal static class AttributeArguments
{
    private const string Description = "Attributes as name=value with values 0..1, for example has_wing_color::blue=0.9.";

    /// <summary>None or more.</summary>
    public static readonly Argument<string[]> Optional =
        new("name=value") { Description = Description, Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => [] };

    /// <summary>One or more.</summary>
    public static readonly Argument<string[]> Required = new("name=value") { Description = Description, Arity = ArgumentArity.OneOrMore };

    /// <summary>Reads them; the name may hold equal signs, the value does not.</summary>
    /// <exception cref="ConfigurationException">One is no name=value, or a name comes twice; every problem is named.</exception>
    public static IReadOnlyDictionary<string, float> Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, float>(StringComparer.Ordinal);
        var errors = new List<string>();
        foreach (var argument in arguments)
        {
            var at = argument.LastIndexOf('=');
            if (at < 1 || !float.TryParse(argument.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                errors.Add($"Expected name=value with a number from 0 to 1, for example has_wing_color::blue=0.9; found '{argument}'.");
            else if (!values.TryAdd(argument[..at], value))
                errors.Add($"Attribute '{argument[..at]}' is given twice.");
        }
        return errors.Count == 0 ? values : throw new ConfigurationException(errors);
    }
}
