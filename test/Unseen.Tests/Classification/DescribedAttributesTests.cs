using Unseen.Classification;
using Unseen.Experiments;
using Xunit;

namespace Unseen.Tests.Classification;

public sealed class DescribedAttributesTests
{
    private static readonly AttributeDescription[] Attributes =
    [
        Of("bill shape", "cone"), Of("bill shape", "all-purpose"), Of("bill length", "longer than head"), Of("bill color", "blue"),
        Of("wing color", "blue"), Of("wing color", "black"), Of("wing color", "white"), Of("belly color", "white"), Of("belly color", "red"),
        Of("primary color", "blue"), Of("primary color", "grey"), Of("size", "small (5 - 9 in)"), Of("size", "very small (3 - 5 in)"), Of("wing pattern", "multi-colored"),
        new("eats_fish", "", "eats fish", []),
    ];

    [Theory]
    [InlineData("a blue bird with a cone shaped bill", "cone bill shape|blue primary color", "bird")]
    [InlineData("Black and white wings, a red belly", "black wing color|white wing color|red belly color", "")]
    [InlineData("black wings and a white belly", "black wing color|white belly color", "")]
    [InlineData("blue-coloured beak longer than its head", "longer than head bill length|blue bill color", "")]
    [InlineData("a small gray bird that eats fish", "grey primary color|small (5 - 9 in) size|eats fish", "bird")]
    [InlineData("multi-colored wings; all purpose bill", "all-purpose bill shape|multi-colored wing pattern", "")]
    [InlineData("shiny tail", "", "shiny tail")]
    [InlineData("a very small bird, with very black wings", "black wing color|very small (3 - 5 in) size", "bird")]
    [InlineData("a blue-winged bird", "blue wing color", "bird")]
    [InlineData("a red-bellied, black winged bird", "black wing color|red belly color", "bird")]
    [InlineData("a blue-footed bird", "", "blue footed bird")]
    [InlineData("", "", "")]
    public void Phrases_are_found_in_a_sentence(string sentence, string phrases, string ignored)
    {
        var described = DescribedAttributes.Read(sentence, Attributes);
        Assert.Equal(phrases, string.Join('|', described.Matches.Select(m => m.Phrase)));
        Assert.Equal(ignored, string.Join(' ', described.Ignored));
    }

    [Theory]
    [InlineData("a bird without blue wings", "", "without blue wings: blue wing color", "bird")]
    [InlineData("its wings are not blue; a white belly", "white belly color", "not blue: blue wing color", "")]
    [InlineData("no blue on the wings, black wings", "black wing color", "no blue on the wings: blue wing color", "")]
    [InlineData("a blue bird without white and black wings", "blue primary color", "without white and black wings: black wing color, white wing color", "bird")]
    [InlineData("a bird whose wings aren't blue", "", "not blue: blue wing color", "bird whose")]
    [InlineData("wings are not blue but black", "black wing color", "not blue: blue wing color", "")]
    [InlineData("a bird that is not blue but grey", "grey primary color", "not blue: blue primary color", "bird")]
    [InlineData("wings are blue and the belly is not red but white", "blue wing color|white belly color", "not red: red belly color", "")]
    [InlineData("its wings are neither blue nor black", "", "neither blue: blue wing color|nor black: black wing color", "")]
    [InlineData("black wings and not a blue bill", "black wing color", "not a blue bill: blue bill color", "")]
    [InlineData("black wings without spots", "black wing color", "without spots: ", "")]
    [InlineData("no spots, not a green tail", "", "no spots: |not a green tail: ", "")]
    [InlineData("no blue wings and a red belly", "", "no blue wings and a red belly: blue wing color, red belly color", "")]
    [InlineData("not very small", "", "not very small: very small (3 - 5 in) size", "")]
    public void What_is_denied_gives_no_value_and_is_named(string sentence, string phrases, string negated, string ignored)
    {
        var described = DescribedAttributes.Read(sentence, Attributes);
        Assert.Equal(phrases, string.Join('|', described.Matches.Select(m => m.Phrase)));
        Assert.Equal(negated, string.Join('|', described.Negated.Select(n => $"{n.Words}: {string.Join(", ", n.Attributes.Select(a => a.Phrase))}")));
        Assert.Equal(ignored, string.Join(' ', described.Ignored));
    }

    [Fact]
    public void Notes_say_what_was_understood_and_how_to_give_what_was_not() => Assert.Equal(
        ["'wings black': wing color::black (black wing color) = 1", "'not blue': negations are not read; give wing color::blue=0 (blue wing color)",
            "'no spots': negations are not read; give the attribute that is meant as name=0", "not understood: bird"],
        DescribedAttributes.Read("a bird, wings are not blue but black, no spots", Attributes).Notes);

    [Fact]
    public void A_sentence_has_an_end() => Assert.Equal("The sentence has 2001 characters; at most 2000 are read.",
        Assert.Throws<ConfigurationException>(() => DescribedAttributes.Read(new string('x', 2001), Attributes)).Message);

    [Fact]
    public void The_words_that_named_an_attribute_are_shown() =>
        Assert.Equal([("bill shape::cone", "a cone shaped bill"), ("primary color::blue", "a blue bird")],
            DescribedAttributes.Read("a blue bird with a cone shaped bill", Attributes).Matches.Select(m => (m.Attribute, m.Words)));

    private static AttributeDescription Of(string group, string value) => new($"{group}::{value}", group, $"{value} {group}", []);
}
