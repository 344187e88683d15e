using Unseen.Models.Encoders;

namespace Unseen.Models.Duet;

/// <summary>Words as token ids of a text encoder.</summary>
internal interface IPromptTokenizer
{
    /// <summary>Number of tokens.</summary>
    int Count { get; }

    /// <summary>Id of a special token: "[PAD]", "[CLS]", "[SEP]" or "[MASK]".</summary>
    int Special(string token);

    /// <summary>Ids of a text.</summary>
    int[] Encode(string text);
}

/// <summary>WordPiece with the vocabulary of BERT.</summary>
internal sealed class BertPrompts(WordPieceTokenizer tokenizer) : IPromptTokenizer
{
    public int Count => tokenizer.Vocabulary;

    public int Special(string token) => tokenizer.Encode(token)[0];

    public int[] Encode(string text) => [.. tokenizer.Encode(text)];
}

/// <summary>A vocabulary of exactly the words that some texts have, in the order in which they come.</summary>
internal sealed class WordPrompts : IPromptTokenizer
{
    private static readonly string[] Specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly Dictionary<string, int> ids;

    public WordPrompts(IEnumerable<string> texts) =>
        ids = Specials.Concat(texts.SelectMany(Words)).Distinct(StringComparer.Ordinal).Index().ToDictionary(w => w.Item, w => w.Index, StringComparer.Ordinal);

    public int Count => ids.Count;

    public int Special(string token) => ids[token];

    public int[] Encode(string text) => [.. Words(text).Select(word => ids.GetValueOrDefault(word, 1))];

    private static IReadOnlyList<string> Words(string text) => BasicWords.Split(text, lowerCase: true, Specials);
}
