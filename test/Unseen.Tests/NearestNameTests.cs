using Xunit;

namespace Unseen.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] Birds = ["014.Indigo_Bunting", "016.Painted_Bunting", "054.Blue_Grosbeak", "114.Black_throated_Sparrow", "130.Tree_Sparrow", "Café Wren"];

    [Theory]
    [InlineData("Indigo Bunting", "014.Indigo_Bunting")]
    [InlineData("14.Indigo", "014.Indigo_Bunting")]
    [InlineData("INDIGO-BUNTING", "014.Indigo_Bunting")]
    [InlineData("99.painted bunting", "016.Painted_Bunting")]
    [InlineData("014.Indigo_Buntin", "014.Indigo_Bunting")]
    [InlineData("sparrow black", "114.Black_throated_Sparrow")]
    [InlineData("sparrow", "130.Tree_Sparrow")]              // the shortest of those that contain it
    [InlineData("cafe\u0301 wren", "Café Wren")]
    [InlineData("Bunting Sparrow", null)]
    [InlineData("14", null)]
    [InlineData("in", null)]
    [InlineData("Ostrich", null)]
    public void A_name_written_in_another_way_or_in_part_is_found(string name, string? expected) => Assert.Equal(expected, NearestName.Find(name, Birds));

    [Fact]
    public void The_same_but_for_writing_comes_before_a_slip_and_a_slip_before_a_part()
    {
        Assert.Equal("7.a_cat", NearestName.Find("a cat", ["b cat", "7.a_cat", "a cat of many colours"]));
        Assert.Equal("b cat", NearestName.Find("a cat", ["a cat of many colours", "b cat"]));
        Assert.Equal("a cat of many colours", NearestName.Find("a cat", ["dog", "a cat of many colours"]));
    }

    [Fact]
    public void Of_very_many_names_those_like_it_come_first()
    {
        var names = Enumerable.Range(0, 30).Select(i => $"{i:000}.Bird_number_{i}").Append("200.Tree_Sparrow").ToList();
        Assert.Equal("Unknown class 'sparrow'. Did you mean '200.Tree_Sparrow'? Known: 200.Tree_Sparrow, 000.Bird_number_0, 001.Bird_number_1, ... (31 in all).",
            NearestName.Unknown("class", "sparrow", names, shown: 3));
        Assert.Equal("Unknown class 'x y'. Known: one, two.", NearestName.Unknown("class", "x y", ["one", "two"], shown: 1));
    }

    [Fact]
    public void The_edit_distance_bounds_what_is_near()
    {
        Assert.Equal("abcdefghij", NearestName.Find("abcdefgxyz", ["abcdefghij"]));        // 3 of 10
        Assert.Null(NearestName.Find("abcdefwxyz", ["abcdefghij"]));                       // 4 of 10
        Assert.Null(NearestName.Find(new string('a', 257), [new string('a', 257)]));
    }
}
