using System.Globalization;
using System.Net;

namespace Unseen.Reports;

/// <summary>
/// HTML or SVG text. Everything interpolated into <see cref="Of"/> is encoded unless it is markup itself, so a class named like a script
/// tag stays a name.
/// </summary>
internal readonly record struct Markup(string Text)
{
    public static Markup Empty => new("");

    /// <summary>Markup from a template; its arguments are encoded, numbers are written with a point.</summary>
    public static Markup Of(FormattableString template) => new(string.Format(Encoding.Instance, template.Format, template.GetArguments()));

    /// <summary>Parts one after another.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p.Text)));

    /// <summary>One part per item.</summary>
    public static Markup Each<T>(IEnumerable<T> items, Func<T, Markup> part) => Join(items.Select(part));

    /// <summary>The markup, or nothing.</summary>
    public static Markup When(bool condition, Markup markup) => condition ? markup : Empty;

    public override string ToString() => Text;

    private static string Encode(string text) => WebUtility.HtmlEncode(string.Create(text.Length, text, static (target, source) =>
    {
        // Control characters are not allowed in XML, in which the SVG files are written.
        for (var i = 0; i < target.Length; i++)
            target[i] = char.IsControl(source[i]) && source[i] is not ('\n' or '\t') ? '\uFFFD' : source[i];
    }));

    private sealed class Encoding : IFormatProvider, ICustomFormatter
    {
        public static readonly Encoding Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            Markup markup => markup.Text,
            null => "",
            IFormattable value => Encode(value.ToString(format, CultureInfo.InvariantCulture)),
            _ => Encode(arg.ToString() ?? ""),
        };
    }
}
