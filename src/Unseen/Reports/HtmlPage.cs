namespace Unseen.Reports;

/// <summary>The frame of every page: self-contained, nothing is loaded from elsewhere, and no script may run.</summary>
internal static class HtmlPage
{
    /// <summary>A whole page as text.</summary>
    /// <param name="title">Title, also the first heading.</param>
    /// <param name="style">Style sheet beside the common one.</param>
    /// <param name="content">What follows the heading.</param>
    public static string Of(string title, string style, Markup content) => Markup.Of($"""
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
        {content}
        </main>
        </body>
        </html>

        """).Text;
}
