using CsCheck;
using Unseen.Evaluation;
using Xunit;

namespace Unseen.Tests.Evaluation;

public sealed class PointingGameTests
{
    [Theory]
    [InlineData(0, 0.1f, 0.1f, 1)]      // same cell
    [InlineData(0, 0.26f, 0.1f, 0)]     // next cell, no tolerance
    [InlineData(1, 0.26f, 0.26f, 1)]    // diagonal neighbour
    [InlineData(1, 0.51f, 0.1f, 0)]     // two cells away
    [InlineData(2, 0.51f, 0.1f, 1)]
    public void Peak_in_the_top_left_cell_of_a_4x4_grid(int tolerance, float x, float y, double hits)
    {
        var game = new PointingGame(["bill"], 4, 4, tolerance);
        game.Add([9, .. new float[15]], [[new(x, y)]]);
        Assert.Equal(hits, game.Overall.HitRate);
    }

    [Fact]
    public void Any_alternative_place_counts_and_chance_covers_all_of_them()
    {
        var game = new PointingGame(["leg"], 4, 4, 0);
        game.Add([.. new float[15], 1], [[new(0, 0), new(1, 1)]]);    // 1 is the last cell, not outside
        Assert.Equal(new("all", 1, 1, 2 / 16.0, 0), game.Overall);
    }

    [Fact]
    public void Places_are_read_as_column_then_row()
    {
        var game = new PointingGame(["tail"], 2, 3, 0);
        game.Add([0, 0, 1, 0, 0, 0], [[new(0.9f, 0.1f)]]);    // row 0, column 2
        Assert.Equal(1, game.Overall.HitRate);
    }

    [Fact]
    public void Baselines_worked_out_by_hand()
    {
        // Tolerance 1 around cell (0, 0) of a 4 x 4 grid covers 4 cells: chance 4/16; one of the four centre cells is among them.
        var game = new PointingGame(["a"], 4, 4);
        game.Add(new float[16], [[new(0, 0)]]);
        Assert.Equal(new("all", 1, 0.25, 0.25, 0.25), game.Overall);    // a flat map scores chance
        var odd = new PointingGame(["a"], 3, 5, 0);
        odd.Add(new float[15], [[new(0.5f, 0.5f)]]);
        Assert.Equal(1, odd.Overall.Centre);
    }

    [Fact]
    public void Groups_are_counted_apart_and_hidden_parts_not_at_all()
    {
        var game = new PointingGame(["wing", "bill", "wing"], 1, 2, 0);
        float[] attention = [1, 0, 1, 0, 0, 1];
        game.Add(attention, [[new(0, 0)], [], [new(0, 0)]]);
        game.Add(attention, [[new(0, 0)], [new(1, 0)], []]);
        Assert.Equal([new("bill", 1, 0, 0.5, 0.5), new("wing", 3, 2 / 3.0, 0.5, 0.5)], game.Groups);
        Assert.Equal(new("all", 4, 0.5, 0.5, 0.5), game.Overall);
    }

    [Fact]
    public void Nothing_judged_gives_zeros_and_no_groups()
    {
        var game = new PointingGame(["wing"], 1, 1);
        Assert.Equal(new("all", 0, 0, 0, 0), game.Overall);
        Assert.Empty(game.Groups);
    }

    [Fact]
    public void Random_attention_scores_chance_on_average()
    {
        var random = new Random(1);
        var game = new PointingGame(["wing"], 7, 7);
        for (var i = 0; i < 20_000; i++)
            game.Add([.. Enumerable.Range(0, 49).Select(_ => random.NextSingle())], [[new(random.NextSingle(), random.NextSingle())]]);
        Assert.Equal(game.Overall.Chance, game.Overall.HitRate, 0.01);
    }

    [Fact]
    public void More_tolerance_never_hits_less() =>
        Gen.Select(Gen.Float[0, 1].Array[30], Gen.Float[0, 1], Gen.Float[0, 1], Gen.Int[0, 4]).Sample((attention, x, y, tolerance) =>
        {
            double Rate(int cells)
            {
                var game = new PointingGame(["a"], 5, 6, cells);
                game.Add(attention, [[new(x, y)]]);
                return game.Overall.HitRate;
            }
            Assert.True(Rate(tolerance) <= Rate(tolerance + 1));
            Assert.Equal(1, Rate(6));
        });

    [Fact]
    public void Broken_input_is_refused_with_a_reason()
    {
        var game = new PointingGame(["a", "b"], 2, 2);
        Assert.Equal("Pointing game: expected 2 attributes x 2 x 2 regions = 8 attention values and 2 lists of places, found 4 and 2.",
            Assert.Throws<ShapeException>(() => game.Add(new float[4], [[], []])).Message);
        Assert.Equal("Pointing game: the attention has NaN values. The model has diverged or its features are broken.",
            Assert.Throws<UnseenException>(() => game.Add([0, 0, 0, float.NaN, 0, 0, 0, 0], [[new(0, 0)], []])).Message);
    }
}
