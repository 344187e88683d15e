namespace Unseen.Synthetic;

/// <summary>
/// Invents species. Relatives share a body plan; colours and patterns are dealt evenly over the seen species; unseen species are new
/// combinations of values that seen species have.
/// </summary>
internal static class SketchSpeciesGenerator
{
    private const int Attempts = 200;
    private const int LeastDifference = 3;
    private const double PlanChangeRate = 0.25;

    private static readonly bool[] InPlan = Mark("bill shape", "bill length", "tail shape", "crown shape", "size");
    private static readonly bool[] HasForms =
        Mark("back color", "wing color", "belly color", "head color", "wing pattern", "breast pattern");

    /// <summary>Source and follower of each spurious tie.</summary>
    public static readonly (int Source, int Follower)[] Ties =
    [
        (SketchAttributes.Group("wing color"), SketchAttributes.Group("belly color")),
        (SketchAttributes.Group("bill color"), SketchAttributes.Group("leg color")),
        (SketchAttributes.Group("wing pattern"), SketchAttributes.Group("breast pattern")),
        (SketchAttributes.Group("head color"), SketchAttributes.Group("habitat")),
    ];

    /// <summary>All species: the seen ones first.</summary>
    public static SketchSpecies[] Invent(SketchBirdsOptions options)
    {
        var seen = InventSeen(options);
        var tied = Tie(seen, options);
        return [.. tied, .. InventUnseen(options, seen, tied)];
    }

    /// <summary>Value that a tied follower takes.</summary>
    public static int TiedValue(int sourceValue, int follower) => sourceValue % SketchAttributes.Groups[follower].Values.Length;

    private static SketchSpecies[] InventSeen(SketchBirdsOptions options)
    {
        for (var attempt = 0; ; attempt++)
        {
            var random = SketchRandom.For(options.Seed, "seen species", attempt);
            var main = DealSeen(options.SeenSpecies, random);
            var species = main.Select((values, i) => WithForms(i, true, values, options, random)).ToArray();
            if (attempt == Attempts || AllDiffer(species))
                return species;
        }
    }

    private static int[][] DealSeen(int count, SketchRandom random)
    {
        var plans = DealPlans(random);
        var species = Enumerable.Range(0, count).Select(_ => new int[SketchAttributes.Groups.Length]).ToArray();
        for (var g = 0; g < SketchAttributes.Groups.Length; g++)
        {
            var deck = Deck(count, SketchAttributes.Groups[g].Values.Length, random);
            for (var i = 0; i < count; i++)
                species[i][g] = InPlan[g] && !random.Chance(PlanChangeRate) ? plans[i % plans.Length][g] : deck[i];
        }
        return species;
    }

    /// <summary>One body plan per family.</summary>
    private static int[][] DealPlans(SketchRandom random)
    {
        var families = SketchSpeciesNames.Families.Length;
        var decks = SketchAttributes.Groups.Select(g => Deck(families, g.Values.Length, random)).ToArray();
        return [.. Enumerable.Range(0, families).Select(f => decks.Select(deck => deck[f]).ToArray())];
    }

    /// <summary>Every value about equally often, shuffled.</summary>
    private static int[] Deck(int count, int values, SketchRandom random) =>
        random.Shuffle([.. Enumerable.Range(0, count).Select(i => i % values)]);

    /// <summary>No two species are alike, whichever of them will be tied.</summary>
    private static bool AllDiffer(SketchSpecies[] species) => species.All(a => species.All(b => ReferenceEquals(a, b)
        || (a.Difference(b) >= LeastDifference && a.Difference(Tied(b)) >= 2 && Tied(a).Difference(Tied(b)) >= 2)));

    private static SketchSpecies[] InventUnseen(SketchBirdsOptions options, SketchSpecies[] seen, SketchSpecies[] tied)
    {
        var all = seen.ToList();
        for (var i = 0; i < options.UnseenSpecies; i++)
            all.Add(InventOneUnseen(options, seen.Length + i, tied, all));
        return [.. all.Skip(seen.Length)];
    }

    /// <summary>Draws from the species before tying, so that ties change nothing here unless they make a value disappear.</summary>
    private static SketchSpecies InventOneUnseen(SketchBirdsOptions options, int index, SketchSpecies[] tied, List<SketchSpecies> all)
    {
        for (var attempt = 0; ; attempt++)
        {
            var random = SketchRandom.For(options.Seed, "unseen species", index, attempt);
            var relative = all[random.Below(tied.Length)];
            var main = Enumerable.Range(0, SketchAttributes.Groups.Length).Select(g => InPlan[g] && !random.Chance(PlanChangeRate)
                ? relative.Main[g]
                : all[random.Below(tied.Length)].Main[g]).ToArray();
            var species = WithForms(index, false, main, options, random);
            if (attempt == Attempts || (IsNew(species, all) && Occurs(species, tied)))
                return species;
        }
    }

    private static bool IsNew(SketchSpecies species, List<SketchSpecies> all) =>
        all.All(other => Math.Min(species.Difference(other), species.Difference(Tied(other))) >= LeastDifference);

    /// <summary>Every value, also of the second form, is usual in some seen species.</summary>
    private static bool Occurs(SketchSpecies species, SketchSpecies[] seen) => Enumerable.Range(0, species.Main.Length).All(g =>
        seen.Any(s => s.Main[g] == species.Main[g]) && seen.Any(s => s.Main[g] == species.Other[g]));

    private static SketchSpecies WithForms(int index, bool seen, int[] main, SketchBirdsOptions options, SketchRandom random)
    {
        var (other, rate) = ((int[])main.Clone(), new double[main.Length]);
        for (var g = 0; g < main.Length; g++)
            if (HasForms[g] && random.Chance(options.TwoFormRate))
                (other[g], rate[g]) = (random.Below(SketchAttributes.Groups[g].Values.Length), 0.05 * (3 + random.Below(6)));
        var families = SketchSpeciesNames.Families.Length;
        return new(SketchSpeciesNames.Name(index % families, index / families), seen, main, other, rate);
    }

    /// <summary>Ties the exact share of the species, chosen so that a larger share contains the smaller one.</summary>
    private static SketchSpecies[] Tie(SketchSpecies[] seen, SketchBirdsOptions options)
    {
        var order = SketchRandom.For(options.Seed, "ties").Shuffle([.. Enumerable.Range(0, seen.Length)]);
        var tied = order.Take((int)Math.Round(options.SpuriousCoOccurrence * seen.Length)).ToHashSet();
        return [.. seen.Select((species, i) => tied.Contains(i) ? Tied(species) : species)];
    }

    private static SketchSpecies Tied(SketchSpecies species)
    {
        var (main, other, rate) = ((int[])species.Main.Clone(), (int[])species.Other.Clone(), (double[])species.OtherRate.Clone());
        foreach (var (source, follower) in Ties)
        {
            main[follower] = other[follower] = TiedValue(main[source], follower);
            rate[follower] = 0;
        }
        return species with { Main = main, Other = other, OtherRate = rate };
    }

    private static bool[] Mark(params string[] names) => [.. SketchAttributes.Groups.Select(g => names.Contains(g.Name))];
}
