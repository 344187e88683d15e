using System.Globalization;
using System.Text.RegularExpressions;

namespace Unseen.Experiments.Configuration;

/// <summary>Turns the text of a single value into a number, truth value, enumeration or text, and back.</summary>
internal static partial class ScalarText
{
    private const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The value, or null when the text does not fit the type.</summary>
    public static object? Read(string text, Type type)
    {
        var invariant = CultureInfo.InvariantCulture;
        if (type == typeof(string)) return text;
        if (type.IsEnum) return ReadEnum(text, type);
        if (type == typeof(bool)) return bool.TryParse(text, out var flag) ? flag : null;
        if (type == typeof(int)) return int.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var i) ? i : null;
        if (type == typeof(long)) return long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var l) ? l : null;
        if (type == typeof(float)) return float.TryParse(text, Real, invariant, out var f) && float.IsFinite(f) ? f : null;
        if (type == typeof(double)) return double.TryParse(text, Real, invariant, out var d) && double.IsFinite(d) ? d : null;
        throw new NotSupportedException($"Options cannot hold values of type {type.Name}.");
    }

    /// <summary>What the type accepts, in words: "must be …".</summary>
    public static string Expectation(Type type)
    {
        if (type.IsEnum) return "one of " + string.Join(", ", Enum.GetValues(type).Cast<object>().Select(EnumName).Distinct());
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return type == typeof(int) ? "an integer" : "an integer (64 bit)";
        return type == typeof(string) ? "a text" : "a finite number";
    }

    /// <summary>Text that <see cref="Read"/> turns into the same value.</summary>
    public static string Write(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Enum member => EnumName(member),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    /// <summary>YAML for a text: plain when it cannot be mistaken for anything else, otherwise quoted.</summary>
    public static string Quote(string text) => PlainWord().IsMatch(text) && text.ToUpperInvariant() is not ("NULL" or "TRUE" or "FALSE")
        ? text
        : $"\"{string.Concat(text.Select(Escape))}\"";

    private static object? ReadEnum(string text, Type type)
    {
        var wanted = Fold(text);
        return Enum.GetValues(type).Cast<object>().FirstOrDefault(v => Fold(v.ToString()!) == wanted);
    }

    private static string EnumName(object member) => WordStart().Replace(member.ToString()!, "-").ToLowerInvariant();

    private static string Fold(string text) =>
        text.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' => $"\\u{(int)c:X4}",
        _ => c.ToString(),
    };

    [GeneratedRegex("^[A-Za-z/][A-Za-z0-9_/.-]*$(?<!\n)")]
    private static partial Regex PlainWord();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
