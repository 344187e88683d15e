using Unseen.Data;

namespace Unseen.Models.Duet;

/// <summary>
/// Feature-to-sequence transformation (section 3.1): facts as "prompt: attribute, attribute | prompt: ...". Every prompt and every attribute is
/// cut into tokens once; a sentence is their ids put in a row.
/// </summary>
internal sealed class PromptText
{
    private readonly DuetSentence form;
    private readonly int limit;
    private readonly int[][] promptIds, factIds;
    private readonly int[] colon, comma, bar;
    private readonly int start, end, mask;

    /// <summary>Cuts all prompts and facts into tokens.</summary>
    /// <param name="facts">What can be said.</param>
    /// <param name="tokenizer">Tokens of the text encoder.</param>
    /// <param name="form">What a sentence holds.</param>
    /// <param name="limit">Most tokens of a sentence.</param>
    public PromptText(IReadOnlyList<Fact> facts, IPromptTokenizer tokenizer, DuetSentence form, int limit)
    {
        (this.form, this.limit) = (form, limit);
        Prompts = [.. facts.Select(f => f.Prompt).Distinct(StringComparer.Ordinal)];
        PromptOf = [.. facts.Select(f => Array.IndexOf(Prompts, f.Prompt))];
        promptIds = Array.ConvertAll(Prompts, tokenizer.Encode);
        factIds = [.. facts.Select(f => tokenizer.Encode(f.Text))];
        (colon, comma, bar) = (tokenizer.Encode(":"), tokenizer.Encode(","), tokenizer.Encode("|"));
        (start, end, mask) = (tokenizer.Special("[CLS]"), tokenizer.Special("[SEP]"), tokenizer.Special("[MASK]"));
        Padding = tokenizer.Special("[PAD]");
    }

    /// <summary>The prompts in the order of the facts.</summary>
    public string[] Prompts { get; }

    /// <summary>The prompt of each fact.</summary>
    public int[] PromptOf { get; }

    /// <summary>Id that fills short sentences.</summary>
    public int Padding { get; }

    /// <summary>Tokens of a fact.</summary>
    public int[] Tokens(int fact) => factIds[fact];

    /// <summary>All texts that a vocabulary needs.</summary>
    public static IEnumerable<string> Texts(IEnumerable<Fact> facts) => facts.SelectMany(f => new[] { f.Prompt, f.Text }).Concat([":", ",", "|"]);

    /// <summary>The fixed sentence of classification: "prompt: | prompt: |" (Eq. 12).</summary>
    public int[] Template() => [start, .. Prompts.Index().SelectMany(p => (int[])[.. promptIds[p.Index], .. colon, .. bar]), end];

    /// <summary>The sentence that asks for attributes: "prompt: [MASK] |" for every prompt, with the place of each mask.</summary>
    public (int[] Tokens, int[] Places) Question()
    {
        List<int> tokens = [start], places = [];
        foreach (var ids in promptIds)
        {
            tokens.AddRange([.. ids, .. colon]);
            places.Add(tokens.Count);
            tokens.AddRange([mask, .. bar]);
        }
        return ([.. tokens, end], [.. places]);
    }

    /// <summary>
    /// A sentence of some facts of a class, with the place of one of them. All prompts stand in it in their order, as in the template, also
    /// those that nothing is said of. When the sentence is too long, later facts give way, but not the target; where not even all prompts and the
    /// target have room, prompts that nothing is said of are left out.
    /// </summary>
    /// <param name="facts">Facts in ascending order, the target among them.</param>
    /// <param name="target">The fact in question.</param>
    /// <param name="masked">Whether its tokens are masked.</param>
    public Sentence Write(IReadOnlyList<int> facts, int target, bool masked)
    {
        var whole = form == DuetSentence.PromptsAndAttributes && Written([target], target, masked, whole: true).Tokens.Count <= limit - 2;
        var room = limit - 2 - Written([target], target, masked, whole).Tokens.Count;
        var kept = facts.Where(f => f == target || (room -= Cost(f, whole)) >= 0);
        var (tokens, place) = Written(kept, target, masked, whole);
        return new([start, .. tokens, end], 1 + place, factIds[target]);
    }

    private (List<int> Tokens, int Place) Written(IEnumerable<int> facts, int target, bool masked, bool whole)
    {
        var (tokens, place) = (new List<int>(), 0);
        var said = facts.ToLookup(f => PromptOf[f]);
        foreach (var (prompt, ids) in promptIds.Index())
        {
            if (!whole && !said.Contains(prompt)) continue;
            if (form == DuetSentence.PromptsAndAttributes) tokens.AddRange([.. ids, .. colon]);
            foreach (var (i, fact) in said[prompt].Index())
            {
                if (i > 0) tokens.AddRange(comma);
                if (fact == target) place = tokens.Count;
                tokens.AddRange(fact == target && masked ? Enumerable.Repeat(mask, factIds[fact].Length) : factIds[fact]);
            }
            tokens.AddRange(bar);
        }
        return (tokens, place);
    }

    /// <summary>At most: without the other prompts the fact may be the first of its own.</summary>
    private int Cost(int fact, bool whole) =>
        factIds[fact].Length + comma.Length + (whole ? 0 : promptIds[PromptOf[fact]].Length + colon.Length + bar.Length);
}

/// <summary>A sentence with the place of one attribute.</summary>
/// <param name="Tokens">Ids.</param>
/// <param name="Place">First token of the attribute.</param>
/// <param name="Target">Ids of the attribute, which stand there unless they are masked.</param>
internal sealed record Sentence(int[] Tokens, int Place, int[] Target);
