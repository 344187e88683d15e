using System.Globalization;
using Unseen.Reports;

namespace Unseen.Classification;

/// <summary>Explanations of pictures as a self-contained page: nothing is loaded from elsewhere.</summary>
public static class ExplanationPage
{
    private const int ShownFlips = 5, FewestDecimals = 3, MostDecimals = 9;

    /// <summary>Writes the page atomically, section by section.</summary>
    /// <param name="path">HTML file.</param>
    /// <param name="explanations">One section each, at least one.</param>
    /// <param name="attributes">Attributes shown of each picture, those with the largest contributions either way; at least 1.</param>
    /// <param name="drawn">
    /// Receives each picture of where the model looks: place of the explanation, from 0, name of the attribute, with "-by-region" for the regions that look
    /// at it, and the PNG file; or null.
    /// </param>
    public static void Write(
        string path, IReadOnlyList<ImageExplanation> explanations, int attributes, Action<int, string, byte[]>? drawn = null)
    {
        RequireAny(explanations, attributes);
        AtomicFile.Write(path, stream => HtmlPage.Write(stream, Title(explanations), "",
            explanations.Select((e, i) => Section(e, attributes, (name, png) => drawn?.Invoke(i, name, png)))));
    }

    /// <summary>The page as text.</summary>
    /// <param name="explanations">One section each, at least one.</param>
    /// <param name="attributes">Attributes shown of each picture, those with the largest contributions either way; at least 1.</param>
    public static string Render(IReadOnlyList<ImageExplanation> explanations, int attributes)
    {
        RequireAny(explanations, attributes);
        return HtmlPage.Of(Title(explanations), "", Markup.Each(explanations, e => Section(e, attributes, (_, _) => { })));
    }

    /// <summary>The attributes with the largest contributions, for or against, in the order of their contribution.</summary>
    public static IReadOnlyList<AttributeEvidence> Strongest(ImageExplanation explanation, int count) =>
        [.. explanation.Evidence.OrderByDescending(e => Math.Abs(e.Contribution)).Take(count).OrderByDescending(e => e.Contribution)];

    /// <summary>A contribution with as many decimals as it takes to tell the largest contributions of its picture apart: three digits of them.</summary>
    /// <param name="explanation">The picture's explanation.</param>
    /// <param name="value">A contribution, or a part of one.</param>
    public static string WithSign(ImageExplanation explanation, double value) => Number(explanation, value, sign: "+");

    /// <summary>A lead, a part of it or a predicted value with as many decimals as its picture's contributions have.</summary>
    /// <param name="explanation">The picture's explanation.</param>
    /// <param name="value">A number on the scale of the model.</param>
    public static string Plain(ImageExplanation explanation, double value) => Number(explanation, value, sign: "");

    private static string Number(ImageExplanation explanation, double value, string sign)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        var largest = explanation.Evidence.Select(e => Math.Abs(e.Contribution)).DefaultIfEmpty().Max();
        var decimals = largest > 0 ? Math.Clamp(2 - (int)Math.Floor(Math.Log10(largest)), FewestDecimals, MostDecimals) : FewestDecimals;
        var digits = new string('0', decimals);
        return (Math.Round(value, decimals) + 0.0).ToString($"{sign}0.{digits};-0.{digits};0.{digits}", CultureInfo.InvariantCulture);
    }

    /// <summary>The attributes of <see cref="ImageExplanation.DecidingCount"/> in words: at most so many by name, then how many more.</summary>
    /// <param name="explanation">The picture's explanation.</param>
    /// <param name="count">Attributes named at most, at least 1.</param>
    public static string Deciding(ImageExplanation explanation, int count)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        var named = string.Join(", ", explanation.Evidence.Take(Math.Min(count, explanation.DecidingCount)).Select(a => a.Phrase));
        return explanation.DecidingCount <= count ? named : string.Create(CultureInfo.InvariantCulture, $"{named} and {explanation.DecidingCount - count} more");
    }

    /// <summary>What a flip does, in words: "make it X", or, where a third class gets ahead before X does, "bring X level, with Y ahead of both".</summary>
    /// <param name="flip">A flip of an explanation.</param>
    public static string Effect(AttributeFlip flip)
    {
        ArgumentNullException.ThrowIfNull(flip);
        return Effect(flip.Class, flip.Ahead);
    }

    private static string Effect(string other, string? ahead) => ahead is { } third ? $"bring {other} level, with {third} ahead of both" : $"make it {other}";

    /// <summary>The fewest changes within what the model predicts of the picture, in words, or that there are none.</summary>
    /// <param name="explanation">The picture's explanation.</param>
    /// <param name="count">Attributes named at most, at least 1.</param>
    public static string Changed(ImageExplanation explanation, int count)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        if (explanation.Lead <= 0) return $"{explanation.Rival?.Class} is level with {explanation.Answer.Class} already";
        if (explanation.Changes is not { } changes)
            return $"no change of attributes within what the model predicts of this picture would {(explanation.IsAsked ? $"make it {explanation.Rival?.Class}" : "change the answer")}";
        var named = string.Join(", ", changes.Attributes.Take(count).Select(a => $"{a.Phrase} at {Plain(explanation, a.To)} instead of {Plain(explanation, a.From)}"));
        var more = changes.Attributes.Count <= count ? "" : string.Create(CultureInfo.InvariantCulture, $" and {changes.Attributes.Count - count} more");
        return $"{named}{more} would {Effect(changes.Class, changes.Ahead)}";
    }

    private static void RequireAny(IReadOnlyList<ImageExplanation> explanations, int attributes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(explanations.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(attributes, 1);
    }

    private static string Title(IReadOnlyList<ImageExplanation> explanations) =>
        explanations.Count == 1 ? $"Why {explanations[0].Answer.Class}?" : $"Why: {explanations.Count} pictures";

    private static Markup Section(ImageExplanation e, int attributes, Action<string, byte[]> drawn)
    {
        var strongest = Strongest(e, attributes);
        return Markup.Of($"""
            <section>
            <h2 style="overflow-wrap:anywhere">{e.Name}</h2>
            <figure>{Image(e.Picture(), $"{e.Name} as the model sees it")}<figcaption>The picture as the model sees it</figcaption></figure>
            {Classes(e)}
            {(e.TrueClass is { } truth ? Markup.Of($"<p>The dataset says <strong>{truth}</strong>.</p>") : Markup.Empty)}
            {Lead(e)}
            {Markup.When(strongest.Count > 0, Table(e, strongest))}
            {Markup.When(e.Evidence.Count > 0 && e.Rival is not null, Flips(e, attributes))}
            {(e.Prompts is { } prompts ? Prompts(e, prompts) : Markup.Empty)}
            {Overlays("Where the model looks", $"{e.Name}: where the model looks for", strongest.Select(a => (a.Attribute, a.Phrase, e.Overlay(a))), drawn)}
            {Overlays("The other way round: which regions look at it", $"{e.Name}: regions that look at", strongest.Select(a => ($"{a.Attribute}-by-region", a.Phrase, e.VisualOverlay(a))), drawn)}
            </section>
            """);
    }

    private static Markup Classes(ImageExplanation e) => Markup.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="Most probable classes"><table>
        <caption>Most probable classes</caption>
        <thead><tr><th scope="col">class</th><th scope="col">probability</th><th scope="col">score</th><th scope="col">training pictures</th></tr></thead>
        <tbody>{Markup.Each(e.Top, p => Markup.Of(
            $"<tr><th scope=\"row\">{p.Class}</th><td>{p.Probability:P1}</td><td>{p.Score:F3}</td><td>{(p.Unseen ? "none (unseen)" : "yes (seen)")}</td></tr>"))}</tbody>
        </table></div>
        """);

    private static Markup Lead(ImageExplanation e) => e.Rival is not { } rival ? Markup.Empty
        : e.Evidence.Count == 0 ? Markup.Of($"<p>The scores of this method do not come from attributes, so it cannot say which of them decided between {e.Answer.Class} and {rival.Class}.</p>")
        : Markup.Of($"<p><strong>{e.Answer.Class}</strong> leads <strong>{rival.Class}</strong> by {Plain(e, e.Lead)}. Attributes give {Plain(e, e.Lead - e.Rest)} of it, calibration and the method's margin {Plain(e, e.Rest)}.</p>");

    private static Markup Table(ImageExplanation e, IReadOnlyList<AttributeEvidence> strongest)
    {
        if (strongest.Count == 0) return Markup.Empty;
        var effect = strongest[0].Effect is not null;
        return Markup.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="What decided"><table>
            <caption>What decided: contribution = predicted × (value of {e.Answer.Class} − value of {e.Rival?.Class ?? e.Answer.Class}), both as the model weighs them</caption>
            <thead><tr><th scope="col">attribute</th><th scope="col">predicted</th><th scope="col">{e.Answer.Class}</th>
            <th scope="col">{e.Rival?.Class ?? "-"}</th><th scope="col">contribution</th>{Markup.When(effect, Markup.Of($"<th scope=\"col\">of it by attention</th>"))}</tr></thead>
            <tbody>{Markup.Each(strongest, a => Markup.Of(
                $"<tr><th scope=\"row\">{a.Phrase}</th><td>{Plain(e, a.Predicted)}</td><td>{a.AnswerValue:F2}</td><td>{a.RivalValue:F2}</td><td>{WithSign(e, a.Contribution)}</td>{Markup.When(effect, Markup.Of($"<td>{WithSign(e, a.Effect ?? 0)}</td>"))}</tr>"))}</tbody>
            </table></div>
            """);
    }

    private static Markup Flips(ImageExplanation e, int attributes) => Markup.Of($"""
        <h3>What would change the answer</h3>
        <ul>{Markup.When(e.DecidingCount > 0, Markup.Of(
            $"<li>Without {Deciding(e, attributes)} in the picture, {e.Answer.Class} would not lead {e.Rival?.Class}.</li>"))}{Alone(e, attributes)}</ul>
        """);

    /// <summary>Attributes that suffice alone; where none does, the fewest together.</summary>
    private static Markup Alone(ImageExplanation e, int attributes) => e.Flips.Any(f => f.IsWithin)
        ? Markup.Each(e.Flips.Where(f => f.IsWithin).Take(ShownFlips), f => Markup.Of($"<li>{f.Phrase}: {Plain(e, f.To)} instead of {Plain(e, f.From)} would {Effect(f)}</li>"))
        : Markup.Of($"<li>No attribute alone changes it within what the model predicts of this picture; {Changed(e, attributes)}.</li>");

    private static Markup Prompts(ImageExplanation e, IReadOnlyList<PromptAnswer> prompts) => Markup.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="What the picture shows"><table>
        <caption>What the picture shows, asked group by group: share among the three strongest answers, and what {e.Answer.Class}{(e.TrueClass is null ? "" : $" and the true class {e.TrueClass}")} has of it, from the least to the largest value of all classes</caption>
        <thead><tr><th scope="col">group</th><th scope="col">answers</th><th scope="col">{(e.TrueClass ?? e.Answer.Class)} has</th></tr></thead>
        <tbody>{Markup.Each(prompts, p => Markup.Of($"<tr><th scope=\"row\">{p.Prompt}</th><td>{Markup.Each(p.Attributes, a => Markup.Of(
            $"<div>{a.Phrase} {a.Share:P0} ({a.AnswerValue:P0}{(a.TrueValue is { } value ? string.Create(CultureInfo.InvariantCulture, $", true class {value:P0}") : "")})</div>"))}</td><td>{Markup.Each(
            p.TrueAttributes ?? p.AnswerAttributes, a => Markup.Of($"<div>{a.Phrase} ({a.Value:P0})</div>"))}</td></tr>"))}</tbody>
        </table></div>
        """);

    private static Markup Overlays(
        string title, string words, IEnumerable<(string Name, string Phrase, byte[]? Png)> overlays, Action<string, byte[]> drawn)
    {
        var pictures = new List<(string Phrase, byte[] Png)>();
        foreach (var (name, phrase, png) in overlays)
        {
            if (png is null) continue;
            drawn(name, png);
            pictures.Add((phrase, png));
        }
        return Markup.When(pictures.Count > 0, Markup.Of($"""
            <h3>{title}</h3>
            <div class="gallery">{Markup.Each(pictures, p => Markup.Of(
                $"<figure>{Image(p.Png, $"{words} {p.Phrase}")}<figcaption>{p.Phrase}</figcaption></figure>"))}</div>
            """));
    }

    private static Markup Image(byte[] png, string alternative) =>
        Markup.Of($"<img src=\"data:image/png;base64,{Convert.ToBase64String(png)}\" alt=\"{alternative}\" width=\"224\" height=\"224\">");
}
