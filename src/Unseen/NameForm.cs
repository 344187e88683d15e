using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Unseen;

/// <summary>What is left of a name when the ways to write it are taken away.</summary>
internal static partial class NameForm
{
    /// <summary>Fillers of Korean syllables and the empty cell of Braille: letters and symbols by category, but nothing is drawn.</summary>
    private static readonly int[] Blank = [0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0];

    /// <summary>The name without case, separators (space, underscore, hyphen, dot) and characters that cannot be seen.</summary>
    public static string Plain(string name) =>
        string.Concat(ComposedText.Of(name).ToUpperInvariant().Where(c => c is not ('_' or '-' or '.') && !char.IsWhiteSpace(c) && !IsFormat(c)));

    /// <summary>The name without a number before it: "014.Indigo_Bunting" is "Indigo_Bunting".</summary>
    public static string WithoutNumber(string name) => name.Length > 0 && char.IsDigit(name[0]) ? LeadingNumber().Replace(name, "") : name;

    /// <summary>Runs of letters and digits.</summary>
    public static IReadOnlyList<string> Words(string name) => [.. Word().Matches(ComposedText.Of(name)).Select(m => m.Value)];

    /// <summary>True when something of it can be seen: neither spaces nor marks and format characters alone.</summary>
    public static bool IsVisible(string name) => name.EnumerateRunes().Any(rune => !Blank.Contains(rune.Value) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark));

    private static bool IsFormat(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    [GeneratedRegex(@"^\d+[\s_.-]+(?=.)", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"[\p{L}\p{N}\p{M}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
