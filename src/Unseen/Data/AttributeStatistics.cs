using System.Numerics;
using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>
/// How often attributes, or the facts of a knowledge graph, occur among the classes and how much they occur together (DUET, AAAI 2023, Eq. 27 and 28): rare
/// ones and pairs that never come alone are what a model cannot learn apart.
/// </summary>
/// <param name="Frequencies">Every attribute with the share of classes that have it, the rarest first.</param>
/// <param name="CoOccurrences">Pairs with the largest ratio, largest first; null when there are more than <see cref="MostForPairs"/> attributes.</param>
/// <param name="Threshold">A class has an attribute when its value reaches this, on the scale 0..1 unless the table is of scale raw.</param>
public sealed record AttributeStatistics(
    IReadOnlyList<AttributeFrequency> Frequencies, IReadOnlyList<AttributeCoOccurrence>? CoOccurrences, double Threshold)
{
    /// <summary>Pairs are counted of at most so many attributes: they are as many as the square.</summary>
    public const int MostForPairs = 5000;

    internal const double DefaultThreshold = 0.5;
    internal const int DefaultPairs = 20;

    /// <summary>Counts over all classes; a class has the attributes whose value (0..1) is at least 0.5.</summary>
    public static AttributeStatistics Of(DatasetFolder folder) => Of(folder, DefaultThreshold, DefaultPairs);

    /// <summary>Counts over all classes.</summary>
    /// <param name="folder">Dataset.</param>
    /// <param name="threshold">A class has an attribute when its value (0..1) reaches this and is above 0; for scale raw, when the value as it stands reaches this.</param>
    /// <param name="pairs">Most pairs.</param>
    public static AttributeStatistics Of(DatasetFolder folder, double threshold, int pairs)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var smallest = folder.ClassAttributes.Scale == AttributeScale.Raw ? float.NegativeInfinity : float.Epsilon;
        return Of([.. folder.Attributes.Select(a => a.Name)], ClassesOf(folder.ClassAttributes.UnitValues(), Math.Max((float)threshold, smallest)),
            folder.Classes.Count, threshold, pairs);
    }

    /// <summary>The same for the facts of relations.csv, named "relation: value".</summary>
    /// <param name="folder">Dataset; without relations there is nothing to count.</param>
    /// <param name="pairs">Most pairs.</param>
    public static AttributeStatistics OfRelations(DatasetFolder folder, int pairs)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var facts = folder.Relations.GroupBy(r => ClassFacts.FactOf(r)).OrderBy(f => f.Key.Prompt, StringComparer.Ordinal)
            .ThenBy(f => f.Key.Text, StringComparer.Ordinal).ToArray();
        return Of(Array.ConvertAll(facts, f => $"{f.Key.Prompt}: {f.Key.Text}"),
            Array.ConvertAll(facts, f => Bits(f.Select(r => r.Class), folder.Classes.Count)), folder.Classes.Count, 1, pairs);
    }

    private static AttributeStatistics Of(string[] names, ulong[][] classes, int total, double threshold, int pairs)
    {
        var counts = Array.ConvertAll(classes, Count);
        return new(
            [.. names.Select((name, a) => new AttributeFrequency(name, counts[a], (double)counts[a] / total)).OrderBy(f => f.Classes)],
            names.Length > MostForPairs ? null : Pairs(names, classes, counts, pairs), threshold);
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

    /// <summary>Per attribute the classes whose value reaches the threshold, a bit each.</summary>
    private static ulong[][] ClassesOf(float[,] values, float threshold) =>
        [.. Enumerable.Range(0, values.GetLength(1)).Select(a => Bits(
            Enumerable.Range(0, values.GetLength(0)).Where(c => values[c, a] >= threshold), values.GetLength(0)))];

    private static ulong[] Bits(IEnumerable<int> classes, int total)
    {
        var bits = new ulong[(total + 63) / 64];
        foreach (var c in classes) bits[c / 64] |= 1UL << (c % 64);
        return bits;
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
