using CsCheck;
using Unseen.Data;
using Unseen.Models.Duet;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

public sealed class PromptTextTests
{
    private static readonly Fact[] Facts =
        [new("wing pattern", "striped"), new("wing pattern", "multi colored"), new("size", "large"), new("wing pattern", "plain")];

    private readonly WordPrompts words = new(PromptText.Texts(Facts));

    [Fact]
    public void TheTemplateHasThePromptsAlone() => Assert.Equal("[CLS] wing pattern : | size : | [SEP]", Read(Create().Template()));

    [Fact]
    public void TheQuestionAsksEveryPrompt()
    {
        var (tokens, places) = Create().Question();
        Assert.Equal("[CLS] wing pattern : [MASK] | size : [MASK] | [SEP]", Read(tokens));
        Assert.Equal([4, 8], places);
    }

    [Fact]
    public void ASentenceGroupsItsFactsAndMasksTheTarget()
    {
        var sentence = Create().Write([0, 1, 2], 1, masked: true);
        Assert.Equal("[CLS] wing pattern : striped , [MASK] [MASK] | size : large | [SEP]", Read(sentence.Tokens));
        Assert.Equal("multi colored", Read(sentence.Target));
        Assert.Equal(6, sentence.Place);
        Assert.Equal("[CLS] striped , [MASK] [MASK] | large | [SEP]", Read(Create(DuetSentence.Attributes).Write([0, 1, 2], 1, true).Tokens));
    }

    /// <summary>Pruning and facts that stand apart change what is said of a prompt, not where it stands: without its facts a sentence is the template.</summary>
    [Fact]
    public void PromptsStandInTheirOrderAlsoWhenNothingIsSaidOfThem()
    {
        Assert.Equal("[CLS] wing pattern : plain | size : large | [SEP]", Read(Create().Write([2, 3], 2, masked: false).Tokens));
        Assert.Equal("[CLS] wing pattern : | size : [MASK] | [SEP]", Read(Create().Write([2], 2, masked: true).Tokens));
        Assert.Equal("[CLS] wing pattern : striped , plain | size : | [SEP]", Read(Create().Write([0, 3], 3, masked: false).Tokens));
        Assert.Equal("[CLS] striped | [SEP]", Read(Create(DuetSentence.Attributes).Write([0], 0, masked: false).Tokens));
        Gen.Select(Gen.Int[1, 15], Gen.Int[0, 3]).Where((said, target) => (said >> target & 1) == 1).Sample((said, target) =>
        {
            int[] facts = [.. Enumerable.Range(0, 4).Where(f => (said >> f & 1) == 1)];
            string[] own = [.. facts.Select(f => Facts[f].Text).SelectMany(t => t.Split(' ')), ","];
            var text = Read(Create().Write(facts, target, masked: false).Tokens);
            Assert.Equal(Read(Create().Template()), string.Join(' ', text.Split(' ').Where(w => !own.Contains(w))));
        });
    }

    [Fact]
    public void PromptsGiveWayOnlyWhenThereIsNoRoomForAll()
    {
        Assert.Equal("[CLS] wing pattern : [MASK] | size : | [SEP]", Read(Create(limit: 10).Write([0, 2, 3], 0, masked: true).Tokens));
        Assert.Equal("[CLS] wing pattern : [MASK] | [SEP]", Read(Create(limit: 9).Write([0, 2, 3], 0, masked: true).Tokens));
    }

    [Fact]
    public void ALongSentenceKeepsItsTarget()
    {
        for (var limit = 16; limit < 30; limit++)
        {
            var sentence = Create(limit: limit).Write([0, 1, 2, 3], 3, masked: true);
            Assert.InRange(sentence.Tokens.Length, 1, limit);
            Assert.Equal(words.Special("[MASK]"), sentence.Tokens[sentence.Place]);
        }
    }

    [Fact]
    public void ShortSentencesArePaddedAndTheirTargetsDoNotCountTwice()
    {
        using var scope = NewDisposeScope();
        var text = Create();
        var batch = SentenceBatch.Of([text.Write([2], 2, true), text.Write([0, 1], 1, true)], text.Padding);
        Assert.Equal([2, 13], batch.Tokens.shape);
        Assert.Equal([10, 13], batch.Mask.sum(1, type: int64).data<long>().ToArray());
        Assert.Equal([7, 7, 6, 7], batch.Places.data<long>().ToArray());
        Assert.Equal([1, 0, 1, 1], batch.Weights.data<float>().ToArray());
        Assert.Equal(batch.Target[1].data<long>().ToArray(), Array.ConvertAll(text.Tokens(1), t => (long)t));
    }

    [Fact]
    public void WordsThatAreNotThereAreUnknown() => Assert.Equal([1, words.Encode("large")[0]], words.Encode("huge large"));

    private PromptText Create(DuetSentence form = DuetSentence.PromptsAndAttributes, int limit = 250) => new(Facts, words, form, limit);

    private string Read(int[] tokens)
    {
        var known = PromptText.Texts(Facts).SelectMany(t => t.Split(' ')).Concat(["[CLS]", "[SEP]", "[MASK]", "[PAD]"]).Distinct()
            .ToDictionary(w => w.StartsWith('[') ? words.Special(w) : words.Encode(w)[0]);
        return string.Join(' ', tokens.Select(t => known[t]));
    }
}
