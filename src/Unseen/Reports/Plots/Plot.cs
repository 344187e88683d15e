namespace Unseen.Reports.Plots;

/// <summary>A drawn plot.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Title">Caption.</param>
/// <param name="Description">What the plot shows, in words: its alternative text.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Content">SVG elements.</param>
internal sealed record Plot(string Name, string Title, string Description, double Width, double Height, Markup Content)
{
    /// <summary>Styles of all plots, for light and dark; also part of the page.</summary>
    public const string Style = """
        .plot{--ink:#1c2430;--faint:#d5dae1;--muted:#5a6675;--s0:#0062a3;--s1:#c2410c;--s2:#0f766e;--s3:#a21caf;--s4:#8a6100;
        --s5:#4338ca;--s6:#be123c;--s7:#475569;--s8:#4d7c0f;--s9:#7c4a2d;
        font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
        @media (prefers-color-scheme:dark){.plot{--ink:#e6eaf0;--faint:#3a4350;--muted:#a3aebc;--s0:#5cb3f2;--s1:#ff9c5a;--s2:#4fd1b8;
        --s3:#e58df0;--s4:#e3bd4a;--s5:#a5a3ff;--s6:#ff8fa3;--s7:#b6c2d1;--s8:#a3d65c;--s9:#c9a184}}
        .plot text{fill:var(--ink)}.plot .muted{fill:var(--muted)}
        .plot .grid{stroke:var(--faint);stroke-width:1}.plot .axis{stroke:var(--muted);stroke-width:1}
        .plot .line{fill:none;stroke-width:2;stroke-linejoin:round}.plot .mark{stroke:var(--ink);stroke-width:1.5}
        .plot .c0{stroke:var(--s0)}.plot .c1{stroke:var(--s1)}.plot .c2{stroke:var(--s2)}.plot .c3{stroke:var(--s3)}
        .plot .c4{stroke:var(--s4)}.plot .c5{stroke:var(--s5)}.plot .c6{stroke:var(--s6)}.plot .c7{stroke:var(--s7)}
        .plot .f0{fill:var(--s0)}.plot .f1{fill:var(--s1)}.plot .f2{fill:var(--s2)}.plot .f3{fill:var(--s3)}
        .plot .f4{fill:var(--s4)}.plot .f5{fill:var(--s5)}.plot .f6{fill:var(--s6)}.plot .f7{fill:var(--s7)}
        .plot .f8{fill:var(--s8)}.plot .f9{fill:var(--s9)}
        """;

    /// <summary>Number of distinct series colours.</summary>
    public const int Colours = 8;

    /// <summary>Number of distinct fills: classes of a picture of points.</summary>
    public const int PointColours = 10;

    /// <summary>The plot for a page that holds <see cref="Style"/>.</summary>
    public Markup Inline => Svg(Markup.Empty);

    /// <summary>The plot as a file of its own.</summary>
    public string File => $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{Svg(new Markup($"<style>{Style}{OwnBackground}</style>"))}\n";

    private const string OwnBackground = "svg.plot{background:#fff}@media (prefers-color-scheme:dark){svg.plot{background:#151a21}}";

    private Markup Svg(Markup style) => Markup.Of(
        $"""
        <svg class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width:0} {Height:0}" width="{Width:0}" height="{Height:0}"
        role="img" aria-label="{Title}. {Description}">{style}{Content}</svg>
        """);
}
