using Unseen.Data;

namespace Unseen.Synthetic;

/// <summary>A group of attributes of which each bird has exactly one value.</summary>
/// <param name="Name">Group name, for example "wing color".</param>
/// <param name="Values">Values, for example blue.</param>
/// <param name="Parts">Parts that show it, as alternatives; none for size and habitat.</param>
/// <param name="Varies">True when individuals may differ from their species.</param>
internal sealed record SketchGroup(string Name, string[] Values, BirdPart[] Parts, bool Varies);

/// <summary>The vocabulary: every group, and the attribute table made of it.</summary>
internal static class SketchAttributes
{
    /// <summary>Colours of the large parts, shared so that the colour alone never tells the part.</summary>
    public static readonly string[] PlumageColors = ["blue", "red", "yellow", "brown", "white"];

    private static readonly string[] BareColors = ["black", "yellow", "red"];

    /// <summary>All groups in the order of the attribute table.</summary>
    public static readonly SketchGroup[] Groups =
    [
        new("back color", PlumageColors, [BirdPart.Back, BirdPart.Nape, BirdPart.Tail], true),
        new("wing color", PlumageColors, [BirdPart.Wing], true),
        new("belly color", PlumageColors, [BirdPart.Belly, BirdPart.Breast], true),
        new("head color", PlumageColors, [BirdPart.Crown, BirdPart.Face], true),
        new("bill color", BareColors, [BirdPart.Bill], true),
        new("leg color", BareColors, [BirdPart.Leg], true),
        new("wing pattern", ["plain", "barred", "spotted"], [BirdPart.Wing], true),
        new("breast pattern", ["plain", "streaked", "spotted"], [BirdPart.Breast, BirdPart.Belly], true),
        new("bill shape", ["cone", "hooked", "dagger"], [BirdPart.Bill], false),
        new("bill length", ["short", "long"], [BirdPart.Bill], false),
        new("tail shape", ["forked", "fan", "pointed"], [BirdPart.Tail], false),
        new("crown shape", ["smooth", "crested"], [BirdPart.Crown], true),
        new("size", ["small", "large"], [], false),
        new("habitat", ["water", "forest", "desert"], [], true),
    ];

    /// <summary>The rows of attributes.csv.</summary>
    public static IReadOnlyList<AttributeEntry> Table { get; } = [.. Groups.SelectMany(g => g.Values.Select(v => Entry(g, v)))];

    /// <summary>Column of the first value of each group.</summary>
    public static readonly int[] FirstColumn = [.. Groups.Select((_, g) => Groups.Take(g).Sum(group => group.Values.Length))];

    /// <summary>Index of a group.</summary>
    public static int Group(string name) => Array.FindIndex(Groups, g => g.Name == name);

    /// <summary>Column of one value of a group.</summary>
    public static int Column(int group, int value) => FirstColumn[group] + value;

    /// <summary>The name of a part in parts.csv and attributes.csv.</summary>
    public static string PartName(BirdPart part) => part.ToString().ToLowerInvariant();

    private static AttributeEntry Entry(SketchGroup group, string value) => new(
        $"has_{group.Name.Replace(' ', '_')}::{value}", group.Name, $"{value} {group.Name}", [.. group.Parts.Select(PartName)]);
}

/// <summary>What the renderer can point at.</summary>
internal enum BirdPart
{
    /// <summary>No part: background, leaves, perch.</summary>
    None,
    Back,
    Nape,
    Tail,
    Wing,
    Belly,
    Breast,
    Crown,
    Face,
    Bill,
    Leg,
}
