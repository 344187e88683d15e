using System.Collections;
using System.Text;

namespace Unseen.Experiments.Configuration;

/// <summary>Writes options as YAML: every key with its value, read back equal by <see cref="OptionsBinder"/>.</summary>
public static class ConfigWriter
{
    private const int LineWidth = 100;

    /// <summary>The options as YAML text with lines ending in a line feed.</summary>
    /// <param name="options">An options record.</param>
    /// <param name="comments">True to explain each key in a comment above it.</param>
    public static string Write(object options, bool comments = true)
    {
        var text = new StringBuilder();
        Record(text, options, "", comments);
        return text.ToString();
    }

    private static void Record(StringBuilder text, object options, string indent, bool comments)
    {
        foreach (var property in OptionProperty.Of(options.GetType()))
        {
            if (comments) Comment(text, OptionDocumentation.Comment(property), indent);
            text.Append(indent).Append(property.Key).Append(':');
            Value(text, property.Get(options), indent, comments);
        }
    }

    private static void Value(StringBuilder text, object? value, string indent, bool comments)
    {
        if (IsRecord(value) && OptionProperty.Of(value!.GetType()).Count == 0) text.Append(" {}\n");
        else if (IsRecord(value)) Record(text.Append('\n'), value!, indent + "  ", comments);
        else if (value is IEnumerable list and not string && list.Cast<object>().Any(IsRecord)) Records(text.Append('\n'), list, indent);
        else text.Append(' ').Append(Flow(value)).Append('\n');
    }

    private static void Records(StringBuilder text, IEnumerable records, string indent)
    {
        foreach (var record in records)
        {
            var inner = new StringBuilder();
            Record(inner, record, indent + "    ", comments: false);
            text.Append(indent).Append("  - ").Append(inner.ToString().AsSpan(indent.Length + 4));
        }
    }

    private static bool IsRecord(object? value) =>
        value is not null and not string and not IEnumerable && OptionProperty.IsOptions(value.GetType());

    private static string Flow(object? value) => value switch
    {
        null => "null",
        string text => ScalarText.Quote(text),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Flow))}]",
        _ => ScalarText.Write(value),
    };

    private static void Comment(StringBuilder text, string? comment, string indent)
    {
        if (comment is null) return;
        var line = new StringBuilder();
        foreach (var word in comment.Split(' '))
        {
            if (line.Length > 0 && indent.Length + line.Length + word.Length > LineWidth) Flush();
            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }
        Flush();

        void Flush()
        {
            text.Append(indent).Append("# ").Append(line).Append('\n');
            line.Clear();
        }
    }
}
