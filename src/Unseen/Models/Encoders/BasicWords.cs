using System.Globalization;
using System.Text;

namespace Unseen.Models.Encoders;

/// <summary>
/// Texts as the words that BERT's WordPiece takes apart (Devlin et al., NAACL 2019): split at white space, around each punctuation mark and
/// around each CJK character. The splitter of Microsoft.ML.Tokenizers is not used: it leaves out symbols such as '|' and '+'.
/// </summary>
internal static class BasicWords
{
    // The runtime takes no letter apart when it runs without ICU, as this project's programs do: the letters of European languages stand here.
    private static readonly Dictionary<char, char> PlainLetters = new[]
    {
        "aàáâãäåāăą", "cçćĉċč", "dď", "eèéêëēĕėęě", "gĝğġģ", "hĥ", "iìíîïĩīĭį", "jĵ", "kķ", "lĺļľ", "nñńņň", "oòóôõöōŏő", "rŕŗř", "sśŝşšș", "tţťț",
        "uùúûüũūŭůűų", "wŵ", "yýÿŷ", "zźżž",
    }
        .SelectMany(letters => letters.Skip(1).Select(letter => (letter, letters[0]))).ToDictionary(pair => pair.letter, pair => pair.Item2);

    /// <summary>The words of a text.</summary>
    /// <param name="text">Any text; control characters do not count.</param>
    /// <param name="lowerCase">Lower case without accents.</param>
    /// <param name="special">Words that stay whole wherever they stand, such as "[MASK]".</param>
    public static IReadOnlyList<string> Split(string text, bool lowerCase, IReadOnlyCollection<string> special)
    {
        var words = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var (at, found) = special.Select(s => (At: text.IndexOf(s, start, StringComparison.Ordinal), Word: s)).Where(s => s.At >= 0)
                .DefaultIfEmpty((text.Length, "")).MinBy(s => s.Item1);
            Add(words, Normalise(text[start..at], lowerCase));
            if (found.Length > 0) words.Add(found);
            start = at + Math.Max(found.Length, 1);
        }
        return words;
    }

    private static string Normalise(string text, bool lowerCase)
    {
        var valid = string.Concat(text.EnumerateRunes()); // halves of surrogate pairs become U+FFFD, which normalising would refuse
        if (!lowerCase) return valid;
        var plain = string.Concat(valid.ToLowerInvariant().Select(c => PlainLetters.GetValueOrDefault(c, c)));
        var decomposed = plain.Normalize(NormalizationForm.FormD);
        return string.Concat(decomposed.EnumerateRunes().Where(r => Rune.GetUnicodeCategory(r) != UnicodeCategory.NonSpacingMark));
    }

    private static void Add(List<string> words, string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune)) Flush(words, word);
            else if (Ignored(rune)) continue;
            else if (StandsAlone(rune))
            {
                Flush(words, word);
                words.Add(rune.ToString());
            }
            else word.Append(rune);
        }
        Flush(words, word);
    }

    private static void Flush(List<string> words, StringBuilder word)
    {
        if (word.Length > 0) words.Add(word.ToString());
        word.Clear();
    }

    private static bool Ignored(Rune rune) =>
        rune.Value is 0 or 0xFFFD || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;

    private static bool StandsAlone(Rune rune) => IsCjk(rune.Value)
        || rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126) || Rune.IsPunctuation(rune);

    private static bool IsCjk(int value) => value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
