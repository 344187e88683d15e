using Unseen.Data;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class ClassFactsTests
{
    [Theory]
    [InlineData("curved bill shape", "bill shape", "curved")]
    [InlineData("Unique pattern head pattern", "head pattern", "unique pattern")]
    [InlineData("large size", "size", "large")]
    [InlineData("size", "size", "size")]
    [InlineData("blue upper parts color", "upperparts color", "blue")]
    [InlineData("blue upperparts color", "upper parts color", "blue")]
    [InlineData("blue upper parts", "upperparts color", "blue upper parts")]
    [InlineData("upper parts color", "upperparts color", "upper parts color")]
    [InlineData("brown", "color", "brown")]
    [InlineData("brown", "", "brown")]
    [InlineData("bill shape", "bill", "shape")]
    public void ThePhraseLosesTheWordsOfItsGroup(string phrase, string group, string expected) =>
        Assert.Equal(expected, ClassFacts.Without(phrase, group));

    [Fact]
    public void AttributesAreFactsWithTheirValues()
    {
        AttributeEntry[] attributes = [new("has_size::large", "size", "large size", []), new("plain", "", "plain", [])];
        var facts = ClassFacts.OfAttributes(attributes, new float[,] { { 0.2f, 0.9f }, { 1, 0 } });
        Assert.Equal([new Fact("size", "large"), new Fact("attribute", "plain")], facts.Facts);
        Assert.Equal(0, facts.Select([1]).Degrees[0, 1]);
        Assert.Equal(1, facts.Select([1]).Degrees[0, 0]);
    }

    [Fact]
    public void RelationsAreSpokenAndSharedByClasses()
    {
        RelationEntry[] relations = [new(0, "hasBodyPart", "four_legs"), new(1, "hasBodyPart", "four_legs"), new(1, "lives in", "Sea"), new(1, "lives in", "Sea")];
        var facts = ClassFacts.OfRelations(relations, classes: 3);
        Assert.Equal([new Fact("has body part", "four legs"), new Fact("lives in", "sea")], facts.Facts);
        Assert.Equal([1f, 0, 1, 1, 0, 0], facts.Degrees.Cast<float>());
    }
}
