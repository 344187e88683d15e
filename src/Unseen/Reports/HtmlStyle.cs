namespace Unseen.Reports;

/// <summary>Style sheet of the page.</summary>
internal static class HtmlStyle
{
    public const string Text = """
        :root{--paper:#fff;--card:#f6f8fa;--ink:#1c2430;--muted:#556070;
        --edge:#d5dae1;--accent:#0062a3;--warn:#8a2c06;--warnback:#fff1e8;color-scheme:light dark}
        @media (prefers-color-scheme:dark){:root{--paper:#151a21;--card:#1d242d;--ink:#e6eaf0;--muted:#a3aebc;
        --edge:#3a4350;--accent:#5cb3f2;--warn:#ffb38a;--warnback:#3a2215}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);
        font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
        main{max-width:70rem;margin:0 auto;padding:2rem 1.25rem 4rem}
        h1{font-size:1.8rem;line-height:1.2;margin:0 0 1rem}
        h2{font-size:1.3rem;margin:2.2rem 0 .6rem}
        h3{font-size:1.05rem;margin:1.6rem 0 .4rem}
        p{max-width:46rem}
        .lead{background:var(--card);border-left:4px solid var(--accent);padding:.9rem 1.1rem;border-radius:0 6px 6px 0;max-width:none}
        .lead p{margin:.35rem 0;max-width:none}
        .warn{background:var(--warnback);color:var(--warn);
        border-left:4px solid currentColor;padding:.7rem 1.1rem;border-radius:0 6px 6px 0}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4rem 0 1.2rem;min-width:min(100%,30rem)}
        caption{text-align:left;color:var(--muted);font-size:.9rem;padding:.3rem 0}
        th,td{padding:.35rem .55rem;border-bottom:1px solid var(--edge);text-align:right;white-space:nowrap}
        th:first-child,td:first-child,.text{text-align:left;white-space:normal}
        tbody th:first-child{min-width:9rem;overflow-wrap:anywhere}
        thead th{border-bottom:2px solid var(--muted);font-size:.9rem}
        tbody th{font-weight:500}
        .best{font-weight:700;color:var(--accent)}
        .variant th{padding-left:1.8rem;color:var(--muted)}
        figure{margin:1.4rem 0}
        figcaption{font-size:.9rem;color:var(--muted);margin-bottom:.4rem;max-width:46rem}
        figcaption strong{color:var(--ink)}
        svg.plot{max-width:100%;height:auto;display:block}
        .method{border-top:1px solid var(--edge);margin-top:1.6rem}
        .method>summary{cursor:pointer;padding:.4rem 0}
        .method>summary h2{display:inline-block;margin:.6rem 0}
        .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:1rem}
        .gallery figure{margin:0;background:var(--card);border-radius:6px;padding:.6rem}
        .gallery img{width:100%;height:auto;border-radius:4px;display:block}
        .gallery figcaption{margin:.4rem 0 0}
        dt{font-weight:600}
        dd{margin:0 0 .6rem 1rem;max-width:46rem}
        summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        @media print{details{display:block}}

        """;
}
