using System.Text;

namespace Unseen.Reports;

/// <summary>The frame of every page: self-contained, nothing is loaded from elsewhere, and no script may run.</summary>
internal static class HtmlPage
{
    private const string Tail = "\n</main>\n</body>\n</html>\n";

    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>A whole page as text.</summary>
    /// <param name="title">Title, also the first heading.</param>
    /// <param name="style">Style sheet beside the common one.</param>
    /// <param name="content">What follows the heading.</param>
    public static string Of(string title, string style, Markup content) => Head(title, style).Text + content.Text + Tail;

    /// <summary>Writes a page part by part, so that a page of many pictures is never in memory as a whole.</summary>
    /// <param name="target">Receives the page; stays the caller's.</param>
    /// <param name="title">Title, also the first heading.</param>
    /// <param name="style">Style sheet beside the common one.</param>
    /// <param name="parts">What follows the heading.</param>
    public static void Write(Stream target, string title, string style, IEnumerable<Markup> parts)
    {
        using var writer = new StreamWriter(target, Encoding, leaveOpen: true);
        writer.Write(Head(title, style).Text);
        foreach (var part in parts) writer.Write(part.Text);
        writer.Write(Tail);
    }

    private static Markup Head(string title, string style) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <style>{new Markup(HtmlStyle.Text + style)}</style>
        </head>
        <body>
        <main>
        <h1>{title}</h1>

        """);
}
