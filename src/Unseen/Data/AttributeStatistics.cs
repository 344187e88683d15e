using System.Numerics;

namespace Unseen.Data;

/// <summary>
/// How often attributes occur among the classes and how much they occur together (DUET, AAAI 2023, Eq. 27 and 28): rare attributes and pairs that
/// never come alone are what a model cannot learn apart.
/// </summary>
/// <param name="Frequencies">Every attribute with the share of classes that have it, the rarest first.</param>
/// <param name="CoOccurrences">Pairs with the largest ratio, largest first.</param>
/// <param name="Threshold">A class has an attribute when its value (0..1) reaches this.</param>
public sealed record AttributeStatistics(
    IReadOnlyList<AttributeFrequency> Frequencies, IReadOnlyList<AttributeCoOccurrence> CoOccurrences, double Threshold)
{
    internal const double DefaultThreshold = 0.5;
    internal const int DefaultPairs = 20;

    /// <summary>Counts over all classes; a class has the attributes whose value (0..1) is at least 0.5.</summary>
    public static AttributeStatistics Of(DatasetFolder folder) => Of(folder, DefaultThreshold, DefaultPairs);

    /// <summary>Counts over all classes.</summary>
    /// <param name="folder">Dataset.</param>
    /// <param name="threshold">A class has an attribute when its value (0..1; for scale raw as it is) reaches this and is above 0.</param>
    /// <param name="pairs">Most pairs.</param>
    public static AttributeStatistics Of(DatasetFolder folder, double threshold, int pairs)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var names = folder.Attributes.Select(a => a.Name).ToArray();
        var classes = ClassesOf(folder.ClassAttributes.UnitValues(), threshold);
        var counts = Array.ConvertAll(classes, Count);
        return new(
            [.. names.Select((name, a) => new AttributeFrequency(name, counts[a], (double)counts[a] / folder.Classes.Count)).OrderBy(f => f.Classes)],
            Pairs(names, classes, counts, pairs), threshold);
    }

    /// <summary>
    /// R(a_i from a_j) = classes with both over classes with a_j and without a_i: how many times more often a_j comes with a_i than without it.
    /// Pairs that never part have no finite ratio and stand first.
    /// </summary>
    private static AttributeCoOccurrence[] Pairs(string[] names, ulong[][] classes, int[] counts, int most) =>
        [.. (from i in Enumerable.Range(0, names.Length)
             from j in Enumerable.Range(0, names.Length)
             where i != j && counts[j] > 0
             let together = CountBoth(classes[i], classes[j])
             where together > 0
             select (Attribute: j, With: i, Together: together, Alone: counts[j] - together))
            .OrderByDescending(p => p.Alone == 0 ? double.PositiveInfinity : (double)p.Together / p.Alone).ThenByDescending(p => p.Together).Take(most)
            .Select(p => new AttributeCoOccurrence(names[p.Attribute], names[p.With], p.Together, p.Alone))];

    /// <summary>Per attribute the classes that have it, a bit each.</summary>
    private static ulong[][] ClassesOf(float[,] values, double threshold)
    {
        var classes = new ulong[values.GetLength(1)][];
        for (var a = 0; a < classes.Length; a++)
        {
            classes[a] = new ulong[(values.GetLength(0) + 63) / 64];
            for (var c = 0; c < values.GetLength(0); c++)
                if (values[c, a] >= threshold && values[c, a] > 0) classes[a][c / 64] |= 1UL << (c % 64);
        }
        return classes;
    }

    private static int Count(ulong[] bits) => CountBoth(bits, bits);

    private static int CountBoth(ulong[] first, ulong[] second)
    {
        var count = 0;
        for (var word = 0; word < first.Length; word++) count += BitOperations.PopCount(first[word] & second[word]);
        return count;
    }
}

/// <summary>Freq of Eq. 27.</summary>
/// <param name="Attribute">Name of the attribute.</param>
/// <param name="Classes">Classes that have it.</param>
/// <param name="Share">Share of all classes, 0..1.</param>
public sealed record AttributeFrequency(string Attribute, int Classes, double Share);

/// <summary>R_co-occ of Eq. 28.</summary>
/// <param name="Attribute">a_j.</param>
/// <param name="With">a_i, with which it comes.</param>
/// <param name="Together">Classes that have both.</param>
/// <param name="Alone">Classes that have a_j and not a_i.</param>
public sealed record AttributeCoOccurrence(string Attribute, string With, int Together, int Alone)
{
    /// <summary>Together over alone; null when a_j never comes without a_i.</summary>
    public double? Ratio => Alone == 0 ? null : (double)Together / Alone;
}
