using Unseen.Models.Encoders;
using Xunit;

namespace Unseen.Tests.Models.Encoders;

public sealed class WordPieceTokenizerTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"unseen-{Guid.NewGuid():N}.txt");

    [Fact]
    public void WordsFallIntoTheLongestPieces()
    {
        var tokenizer = Load();
        Assert.Equal(13, tokenizer.Vocabulary);
        Assert.Equal([5, 6, 8], tokenizer.Encode("Wing colour"));         // wing col ##our
        Assert.Equal([5, 9, 7, 10], tokenizer.Encode("wing: BLUES"));     // wing : blue ##s
        Assert.Equal([1], tokenizer.Encode("zebra"));                     // [UNK]
        Assert.Equal([7], tokenizer.Encode("blüe"));                      // accents do not count
    }

    [Fact]
    public void AMaskInATextIsTheMask()
    {
        var tokenizer = Load();
        Assert.Equal(4, tokenizer.Mask);
        Assert.Equal([5, 9, 4, 11], tokenizer.Encode("wing: [MASK]|"));
    }

    [Theory]
    [InlineData("a|b +c", "a | b + c")]
    [InlineData("Ünïted  States\u00A0\t!", "united states !")]
    [InlineData("has_bill_shape::cone", "has _ bill _ shape : : cone")]
    [InlineData("a\u200Bb\0c\uD800d", "abcd")]
    [InlineData("x\u4E2D\u6587y", "x \u4E2D \u6587 y")]
    [InlineData("A[MASK][MASK]B [mask]", "a [MASK] [MASK] b [ mask ]")]
    [InlineData("", "")]
    public void WordsAreSplitAsByBert(string text, string words) =>
        Assert.Equal(words, string.Join(' ', BasicWords.Split(text, lowerCase: true, ["[MASK]", "[SEP]"])));

    [Fact]
    public void CasedModelsKeepCaseAndAccents() =>
        Assert.Equal(["Ünï", "-", "Ted"], BasicWords.Split("Ünï-Ted", lowerCase: false, []));

    [Theory]
    [InlineData("Wing", false)]
    [InlineData("[unused1]", true)]
    [InlineData("[Unused1]", true)]
    public void AVocabularyWithCapitalLettersIsCased(string token, bool lowered)
    {
        File.WriteAllLines(path, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "wing", token]);
        Assert.Equal([lowered ? 5 : 6], WordPieceTokenizer.Load(path).Encode(lowered ? "WING" : "Wing"));
        Assert.Equal([5], WordPieceTokenizer.Load(path, lowerCase: true).Encode("Wing"));
    }

    [Fact]
    public void TextsArePaddedToTheLongestAndCutAtTheMaximum()
    {
        var batch = Load().Encode(["wing", "wing colour blue"], 5);
        Assert.Equal(new long[,] { { 2, 5, 3, 0, 0 }, { 2, 5, 6, 8, 3 } }, batch.Tokens);
        Assert.Equal(new long[,] { { 1, 1, 1, 0, 0 }, { 1, 1, 1, 1, 1 } }, batch.Mask);
        Assert.Equal(new long[,] { { 2, 3 } }, Load().Encode([""], 8).Tokens);
    }

    [Fact]
    public void WhatIsNoVocabularyIsRefused()
    {
        Assert.Contains("does not exist", Assert.Throws<DatasetFormatException>(() => WordPieceTokenizer.Load(path)).Message, StringComparison.Ordinal);
        File.WriteAllLines(path, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "wing"]);
        Assert.Equal($"{path}: no line is '[MASK]': not a vocabulary of BERT. Give the vocab.txt that belongs to the weights.",
            Assert.Throws<DatasetFormatException>(() => WordPieceTokenizer.Load(path)).Message);
        File.WriteAllLines(path, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "wing", "wing"]);
        Assert.Equal($"{path}: token 'wing' stands on two lines.", Assert.Throws<DatasetFormatException>(() => WordPieceTokenizer.Load(path)).Message);
    }

    public void Dispose() => File.Delete(path);

    private WordPieceTokenizer Load()
    {
        File.WriteAllLines(path, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "wing", "col", "blue", "##our", ":", "##s", "|", "a"]);
        return WordPieceTokenizer.Load(path);
    }
}
