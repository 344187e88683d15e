using Unseen.Synthetic;
using Xunit;

namespace Unseen.Tests.Synthetic;

public sealed class SketchSpeciesGeneratorTests
{
    public static TheoryData<int, int, int, double> Worlds => new()
    {
        { 1, 30, 10, 0 },
        { 2, 30, 10, 1 },
        { 3, 6, 2, 0.5 },
        { 4, 5, 1, 1 },
        { 5, 120, 60, 0 },
    };

    [Theory, MemberData(nameof(Worlds))]
    public void UnseenSpeciesAreNewCombinationsOfSeenValues(int seed, int seenCount, int unseenCount, double spurious)
    {
        var species = Invent(seed, seenCount, unseenCount, spurious);
        var seen = species.Where(s => s.Seen).ToArray();
        foreach (var bird in species.Where(s => !s.Seen))
        {
            for (var g = 0; g < bird.Main.Length; g++)
            {
                Assert.Contains(seen, s => s.Main[g] == bird.Main[g]);
                Assert.Contains(seen, s => s.Main[g] == bird.Other[g]);
            }
            Assert.All(species.Where(s => s != bird), other => Assert.True(other.Difference(bird) >= 3));
        }
    }

    [Theory, MemberData(nameof(Worlds))]
    public void NamesAreDistinctAndSeenSpeciesComeFirst(int seed, int seenCount, int unseenCount, double spurious)
    {
        var species = Invent(seed, seenCount, unseenCount, spurious);

        Assert.Equal(seenCount + unseenCount, species.Select(s => s.Name).Distinct().Count());
        Assert.All(species.Take(seenCount), s => Assert.True(s.Seen));
        Assert.All(species.Skip(seenCount), s => Assert.False(s.Seen));
    }

    [Theory, MemberData(nameof(Worlds))]
    public void FrequenciesOfAGroupSumToOne(int seed, int seenCount, int unseenCount, double spurious)
    {
        foreach (var bird in Invent(seed, seenCount, unseenCount, spurious))
            for (var g = 0; g < bird.Main.Length; g++)
            {
                var count = SketchAttributes.Groups[g].Values.Length;
                double[] values = [.. Enumerable.Range(0, count).Select(v => bird.Frequency(g, v, absentRate: 0.15))];
                Assert.All(values, v => Assert.InRange(v, 0, 1));
                Assert.Equal(1, values.Sum(), 9);
            }
    }

    [Fact]
    public void FrequencyIsWhatManyIndividualsShow()
    {
        var groups = SketchAttributes.Groups;
        var bird = new SketchSpecies("Test Finch", true, new int[groups.Length], [.. groups.Select(_ => 1)], [.. groups.Select(_ => 0.3)]);
        var random = SketchRandom.For(1, "test");
        const int Draws = 20_000;
        var wing = SketchAttributes.Group("wing color");

        var counts = Enumerable.Range(0, Draws).Select(_ => bird.Draw(wing, 0.2, random)).CountBy(v => v).ToDictionary();

        // (1 - 0.2) * 0.7 + 0.2 / 5, (1 - 0.2) * 0.3 + 0.2 / 5, 0.2 / 5
        Assert.Equal(0.60, bird.Frequency(wing, 0, 0.2), 9);
        Assert.Equal(0.28, bird.Frequency(wing, 1, 0.2), 9);
        Assert.Equal(0.04, bird.Frequency(wing, 2, 0.2), 9);
        for (var v = 0; v < 5; v++)
            Assert.Equal(bird.Frequency(wing, v, 0.2), counts[v] / (double)Draws, 0.015);
    }

    [Fact]
    public void SizeNeverVaries()
    {
        var size = SketchAttributes.Group("size");
        Assert.All(Invent(1, 30, 10, 0), bird => Assert.Equal(1, bird.Frequency(size, bird.Main[size], absentRate: 0.5)));
    }

    [Fact]
    public void SpuriousTiesRaiseCoOccurrenceAmongSeenSpeciesOnly()
    {
        var (free, half, full) = (Invent(1, 30, 10, 0), Invent(1, 30, 10, 0.5), Invent(1, 30, 10, 1));
        foreach (var (source, follower) in SketchSpeciesGenerator.Ties)
        {
            Assert.Equal(1, TiedShare(full, true, source, follower));
            Assert.InRange(TiedShare(half, true, source, follower), 0.5, 0.85);
            Assert.True(TiedShare(free, true, source, follower) < 0.6);
            Assert.True(TiedShare(free, true, source, follower) < TiedShare(half, true, source, follower));
            Assert.Equal(TiedShare(free, false, source, follower), TiedShare(full, false, source, follower));
        }
    }

    [Fact]
    public void UnseenSpeciesDoNotDependOnTheTies()
    {
        var (free, full) = (Invent(7, 30, 10, 0), Invent(7, 30, 10, 1));
        for (var i = 30; i < 40; i++)
        {
            Assert.Equal(free[i].Main, full[i].Main);
            Assert.Equal(free[i].Other, full[i].Other);
        }
    }

    private static SketchSpecies[] Invent(int seed, int seen, int unseen, double spurious) => SketchSpeciesGenerator.Invent(
        new() { Seed = seed, SeenSpecies = seen, UnseenSpecies = unseen, SpuriousCoOccurrence = spurious });

    private static double TiedShare(SketchSpecies[] species, bool seen, int source, int follower) => species.Where(s => s.Seen == seen)
        .Average(s => s.Main[follower] == SketchSpeciesGenerator.TiedValue(s.Main[source], follower) ? 1.0 : 0.0);
}
