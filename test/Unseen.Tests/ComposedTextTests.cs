using Xunit;

namespace Unseen.Tests;

/// <summary>Expected texts are those of Python's unicodedata.normalize('NFC', text).</summary>
public sealed class ComposedTextTests
{
    [Theory]
    [InlineData("cafe\u0301", "caf\u00e9")]
    [InlineData("A\u030angstro\u0308m", "\u00c5ngstr\u00f6m")]
    [InlineData("Vie\u0323\u0302t", "Vi\u1ec7t")]                      // two marks on one letter
    [InlineData("\u0438\u0306", "\u0439")]
    [InlineData("\u03b1\u0313\u0301\u0345", "\u1f84")]
    [InlineData("\u30ab\u3099", "\u30ac")]
    [InlineData("\u1112\u1161\u11ab\u1100\u1173\u11af", "\ud55c\uae00")]
    [InlineData("\u1112\u1161", "\ud558")]
    [InlineData("x\u0301", "x\u0301")]                                 // no such letter
    [InlineData("\u0301e", "\u0301e")]
    [InlineData("caf\u00e9", "caf\u00e9")]
    [InlineData("\ud83d\udc26 bird", "\ud83d\udc26 bird")]
    [InlineData("", "")]
    public void A_letter_and_its_marks_become_one_character(string text, string expected) => Assert.Equal(expected, ComposedText.Of(text));

    [Fact]
    public void Every_letter_of_the_table_has_one_composed_letter_and_none_is_composed_twice()
    {
        Assert.All(ComposedLetters.ByMark.Values, pair => Assert.Equal(pair.Letters.Length, pair.Composed.Length));
        var all = ComposedLetters.ByMark.Values.SelectMany(pair => pair.Composed).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(ComposedLetters.ByMark, mark => Assert.Equal(mark.Value.Letters.Length, mark.Value.Letters.Distinct().Count()));
    }
}
