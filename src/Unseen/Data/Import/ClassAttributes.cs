using System.Globalization;
using Unseen.Semantics;

namespace Unseen.Data.Import;

/// <summary>Class semantics and attribute entries from a bare matrix.</summary>
internal static class ClassAttributes
{
    /// <summary>The scale that the values show: up to 1 is unit, up to 100 is percent, anything else raw. Isolated -1 marks a missing
    /// value.</summary>
    internal static AttributeScale ScaleOf(float[,] values)
    {
        var (low, high) = (0f, 0f);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return low < -1 || high > 100 ? AttributeScale.Raw : high > 1 ? AttributeScale.Percent : AttributeScale.Unit;
    }

    internal static ClassSemantics Semantics(IReadOnlyList<string> classes, IReadOnlyList<AttributeEntry> attributes, float[,] values,
        AttributeScale scale) =>
        new(classes, [.. attributes.Select(a => a.Name)], values, scale);

    /// <summary>Attributes from a file of names; without one they are numbered.</summary>
    internal static AttributeEntry[] Entries(string? namesFile, int count)
    {
        IReadOnlyList<string> names = namesFile is null ? Numbered("attribute", count) : TextTable.Names(namesFile);
        if (names.Count != count)
            throw new DatasetFormatException(namesFile!, $"expected {count} attribute names, one per line, found {names.Count}.");
        return [.. names.Select(Entry)];
    }

    /// <summary>The entry of an attribute name, with the group and the words that the name tells.</summary>
    internal static AttributeEntry Entry(string name)
    {
        var (group, phrase) = AttributePhrases.Of(name);
        return new(name, group, phrase, []);
    }

    /// <summary>Word vectors, one line of numbers per attribute.</summary>
    internal static float[,]? WordVectors(string? path, int attributes)
    {
        if (path is null)
            return null;
        var vectors = TextTable.Numbers(path);
        return vectors.GetLength(0) == attributes
            ? vectors
            : throw new DatasetFormatException(path, $"expected one word vector per attribute, {attributes}, found " +
                $"{vectors.GetLength(0)}.");
    }

    internal static string[] Numbered(string word, int count) =>
        [.. Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{word}_{i:D3}"))];

    internal static float[,] Transpose(float[,] values)
    {
        var result = new float[values.GetLength(1), values.GetLength(0)];
        for (var i = 0; i < result.GetLength(0); i++)
            for (var j = 0; j < result.GetLength(1); j++)
                result[i, j] = values[j, i];
        return result;
    }
}
