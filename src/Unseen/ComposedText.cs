using System.Collections.Frozen;
using System.Text;

namespace Unseen;

/// <summary>
/// Text in which a letter and the mark behind it are one character, for the letters of <see cref="ComposedLetters"/> and Korean syllables, as normalisation form C
/// has them: "café" is the same text then, whether a keyboard or a file system of macOS wrote it. A mark is not taken across another one.
/// </summary>
internal static class ComposedText
{
    private const char FirstMark = '\u0300';

    // Korean syllables are computed (The Unicode Standard, section 3.12): a leading consonant, a vowel, perhaps a trailing consonant.
    private const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3, FirstLeading = 0x1100, Leadings = 19, FirstVowel = 0x1161, Vowels = 21, BeforeTrailing = 0x11A7, Trailings = 28;

    private static readonly FrozenDictionary<(char Letter, char Mark), char> Composed = ComposedLetters.ByMark
        .SelectMany(mark => mark.Value.Letters.Zip(mark.Value.Composed, (letter, composed) => ((letter, mark.Key), composed)))
        .ToFrozenDictionary(pair => pair.Item1, pair => pair.composed);

    /// <summary>The composed form of a text.</summary>
    public static string Of(string text)
    {
        if (!text.Any(c => c >= FirstMark)) return text;
        var composed = new StringBuilder(text.Length);
        foreach (var c in text)
            if (composed.Length > 0 && Pair(composed[^1], c) is { } one) composed[^1] = one;
            else composed.Append(c);
        return composed.ToString();
    }

    private static char? Pair(char first, char second) =>
        Composed.TryGetValue((first, second), out var letter) ? letter : Syllable(first, second);

    private static char? Syllable(int first, int second) =>
        first - FirstLeading is >= 0 and < Leadings and var leading && second - FirstVowel is >= 0 and < Vowels and var vowel
            ? (char)(FirstSyllable + (((leading * Vowels) + vowel) * Trailings))
        : first is >= FirstSyllable and <= LastSyllable && (first - FirstSyllable) % Trailings == 0 && second - BeforeTrailing is > 0 and < Trailings and var trailing
            ? (char)(first + trailing)
        : null;
}
