using System.Text;

namespace Unseen.Cli;

/// <summary>
/// Text for people on its way to a terminal: names of classes, attributes and files come from files of others, and a control character in them could
/// command the terminal. Only line ends and tabs pass.
/// </summary>
/// <param name="target">Where it goes.</param>
/// <param name="isOptional">True when the work goes on where nobody can be told of it, because the stream is closed.</param>
internal sealed class PrintableWriter(TextWriter target, bool isOptional = false) : TextWriter
{
    private readonly Lock gate = new();
    private StringBuilder? held;

    /// <inheritdoc/>
    public override Encoding Encoding => target.Encoding;

    /// <summary>Text without any control character, as a name within a line.</summary>
    public static string OneLine(string text) => Replace(text, char.IsControl);

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        var text = Replace(value ?? "", IsCommand);
        lock (gate)
        {
            if (held is null) Send(text);
            else held.Append(text);
        }
    }

    /// <inheritdoc/>
    public override void WriteLine() => Write(target.NewLine);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + target.NewLine);

    /// <inheritdoc/>
    public override void Flush() => target.Flush();

    /// <summary>Does something that draws on the terminal by itself, and writes what comes meanwhile afterwards.</summary>
    public T Hold<T>(Func<T> draw)
    {
        lock (gate) held = new();
        try { return draw(); }
        finally
        {
            lock (gate)
            {
                Send(held.ToString());
                held = null;
            }
        }
    }

    private void Send(string text)
    {
        try { target.Write(text); }
        catch (UnauthorizedAccessException) when (isOptional) { } // what .NET makes of a closed stream
    }

    private static bool IsCommand(char c) => char.IsControl(c) && c != '\t' && !Environment.NewLine.Contains(c);

    private static string Replace(string text, Func<char, bool> isUnwanted) =>
        text.Any(isUnwanted) ? string.Concat(text.Select(c => isUnwanted(c) ? '?' : c)) : text;
}
