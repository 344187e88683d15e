using System.Text;
using Microsoft.ML.Tokenizers;

namespace Unseen.Models.Encoders;

/// <summary>
/// Texts as the tokens of BERT: WordPiece with the vocabulary file of the weights (vocab.txt, one token per line; the line is the id).
/// </summary>
internal sealed class WordPieceTokenizer
{
    private const long LargestFile = 16L << 20;

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly BertTokenizer tokenizer;
    private readonly bool lowerCase;
    private readonly Dictionary<string, int> specialIds;

    private WordPieceTokenizer(BertTokenizer tokenizer, bool lowerCase, string[] vocabulary)
    {
        (this.tokenizer, this.lowerCase, Vocabulary) = (tokenizer, lowerCase, vocabulary.Length);
        specialIds = Special.ToDictionary(s => s, s => Array.IndexOf(vocabulary, s));
    }

    /// <summary>Tokens of the vocabulary.</summary>
    public int Vocabulary { get; }

    /// <summary>Id of the token that pads a text.</summary>
    public int Padding => specialIds["[PAD]"];

    /// <summary>Id of the token that stands for a masked one, "[MASK]" in a text.</summary>
    public int Mask => specialIds["[MASK]"];

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="path">Vocabulary file, UTF-8.</param>
    /// <param name="lowerCase">
    /// Lower case without accents, as the uncased models of BERT want it; null asks the vocabulary: one with a capital letter is cased.
    /// </param>
    /// <exception cref="DatasetFormatException">The file is missing, too large or no vocabulary of BERT.</exception>
    public static WordPieceTokenizer Load(string path, bool? lowerCase = null)
    {
        var tokens = Read(path);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        var options = new Microsoft.ML.Tokenizers.BertOptions { LowerCaseBeforeTokenization = false, ApplyBasicTokenization = false };
        return new(BertTokenizer.Create(stream, options), lowerCase ?? !tokens.Any(IsCased), tokens);
    }

    /// <summary>Ids of a text without [CLS] and [SEP]. Special tokens in the text, such as "[MASK]", are themselves.</summary>
    public IReadOnlyList<int> Encode(string text) => [.. BasicWords.Split(text, lowerCase, Special).SelectMany(Pieces)];

    /// <summary>Texts of one length: [CLS], the text, [SEP], padding up to the longest of them.</summary>
    /// <param name="texts">At least one text.</param>
    /// <param name="maximum">Most tokens of a text with [CLS] and [SEP], at least 2; what is over is cut off.</param>
    public TokenBatch Encode(IReadOnlyList<string> texts, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfZero(texts.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 2);
        int[][] rows = [.. texts.Select(t => (int[])[specialIds["[CLS]"], .. Encode(t).Take(maximum - 2), specialIds["[SEP]"]])];
        var (tokens, mask) = (new long[rows.Length, rows.Max(r => r.Length)], new long[rows.Length, rows.Max(r => r.Length)]);
        for (var row = 0; row < rows.Length; row++)
            for (var place = 0; place < tokens.GetLength(1); place++)
                (tokens[row, place], mask[row, place]) = place < rows[row].Length ? (rows[row][place], 1) : (Padding, 0);
        return new(tokens, mask);
    }

    private IEnumerable<int> Pieces(string word) => specialIds.TryGetValue(word, out var id) ? [id]
        : tokenizer.EncodeToIds(word, addSpecialTokens: false, considerPreTokenization: false, considerNormalization: false);

    private static bool IsCased(string token) => token.Any(char.IsUpper) && !(token.StartsWith('[') && token.EndsWith(']'));

    private static string[] Read(string path)
    {
        if (!File.Exists(path)) throw new DatasetFormatException(path, "the vocabulary file does not exist.");
        if (new FileInfo(path).Length > LargestFile)
            throw new DatasetFormatException(path, $"a vocabulary has at most {LargestFile >> 20} MB. Give the vocab.txt that belongs to the weights.");
        string[] tokens = [.. File.ReadAllLines(path).Select(line => line.TrimEnd())];
        foreach (var special in Special)
            if (!tokens.Contains(special, StringComparer.Ordinal))
                throw new DatasetFormatException(path, $"no line is '{special}': not a vocabulary of BERT. Give the vocab.txt that belongs to the weights.");
        if (tokens.Where(t => t.Length > 0).GroupBy(t => t, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DatasetFormatException(path, $"token '{twice.Key}' stands on two lines.");
        return tokens;
    }
}

/// <summary>Texts as tokens, padded to one length.</summary>
/// <param name="Tokens">Ids [texts, tokens].</param>
/// <param name="Mask">1 for a token, 0 for padding [texts, tokens].</param>
internal sealed record TokenBatch(long[,] Tokens, long[,] Mask);
