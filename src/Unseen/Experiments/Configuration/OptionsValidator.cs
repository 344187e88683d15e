using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Unseen.Experiments.Configuration;

/// <summary>Checks DataAnnotations and <see cref="IValidatedOptions"/> of options and of the records inside them.</summary>
public static class OptionsValidator
{
    /// <summary>Refuses options that break a rule, naming every broken rule.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ConfigurationException">Every broken rule, one sentence each.</exception>
    public static void Require(object options)
    {
        var problems = Problems(options, new HashSet<string>()).Select(p => p.Message).ToList();
        if (problems.Count > 0) throw new ConfigurationException(problems);
    }

    /// <summary>Broken rules with the path of the key; what could not be bound is left out.</summary>
    internal static IEnumerable<(string Path, string Message)> Problems(object options, IReadOnlySet<string> failed, string path = "")
    {
        foreach (var property in OptionProperty.Of(options.GetType()))
        {
            var inner = OptionProperty.Join(path, property.Key);
            if (failed.Contains(inner)) continue;
            var value = property.Get(options);
            foreach (var rule in property.Rules)
                foreach (var message in Broken(rule, value, inner))
                    yield return (inner, message);
            foreach (var problem in Nested(value, failed, inner)) yield return problem;
        }
        var prefix = path.Length == 0 ? "" : path + ": ";
        if (options is IValidatedOptions validated && !failed.Any(f => IsInside(f, path)))
            foreach (var message in validated.Validate())
                yield return (path, prefix + message);
    }

    private static bool IsInside(string key, string path) =>
        path.Length == 0 || key == path || key.StartsWith(path + ".", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Message)> Nested(object? value, IReadOnlySet<string> failed, string path)
    {
        if (value is null || value is string) return [];
        if (value is IEnumerable items)
            return items.Cast<object>().SelectMany((item, i) => Nested(item, failed, $"{path}[{i}]"));
        return OptionProperty.IsOptions(value.GetType()) ? Problems(value, failed, path) : [];
    }

    private static IEnumerable<string> Broken(ValidationAttribute rule, object? value, string path) => rule switch
    {
        RequiredAttribute => value is null or "" ? [$"{path} is required."] : [],
        _ when value is null => [],
        RangeAttribute range => Elements(value, path).Where(e => !Inside(range, e.Value)).Select(e => OutOfRange(range, e.Value, e.Path)),
        AllowedValuesAttribute allowed => Elements(value, path).Where(e => !allowed.Values.Contains(e.Value))
            .Select(e => $"{e.Path} must be one of {string.Join(", ", allowed.Values.Select(Show))}, found {Show(e.Value)}."),
        _ => rule.IsValid(value) ? [] : [rule.FormatErrorMessage(path)],
    };

    private static IEnumerable<(string Path, object Value)> Elements(object value, string path) => value is IEnumerable list and not string
        ? list.Cast<object>().Select((item, i) => ($"{path}[{i}]", item))
        : [(path, value)];

    // A bound written as a double is rounded to float first when the value is a float: 0.1f must be inside [Range(0, 0.1)].
    private static bool Inside(RangeAttribute range, object value)
    {
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        var (low, high) = (Bound(range.Minimum, value), Bound(range.Maximum, value));
        return (range.MinimumIsExclusive ? number > low : number >= low) && (range.MaximumIsExclusive ? number < high : number <= high);
    }

    private static double Bound(object bound, object value)
    {
        var number = Convert.ToDouble(bound, CultureInfo.InvariantCulture);
        return value is float ? (float)number : number;
    }

    private static string OutOfRange(RangeAttribute range, object value, string path) =>
        $"{path} must be {Constraint(range)}, found {Show(value)}.";

    /// <summary>A range in words, for example "at least 1" or "from 0 to 1".</summary>
    internal static string Constraint(RangeAttribute range)
    {
        var low = (range.MinimumIsExclusive ? "greater than " : "at least ") + Show(range.Minimum);
        var high = (range.MaximumIsExclusive ? "less than " : "at most ") + Show(range.Maximum);
        if (Unbounded(range.Maximum)) return low;
        if (Unbounded(range.Minimum)) return high;
        return range.MinimumIsExclusive || range.MaximumIsExclusive
            ? $"{low} and {high}"
            : $"from {Show(range.Minimum)} to {Show(range.Maximum)}";
    }

    private static bool Unbounded(object bound) => Convert.ToDouble(bound, CultureInfo.InvariantCulture) is var number
        && (double.IsInfinity(number) || Math.Abs(number) >= int.MaxValue);

    private static string Show(object? value) => value switch
    {
        null => "nothing",
        string text => $"'{text}'",
        _ => ScalarText.Write(value),
    };
}
