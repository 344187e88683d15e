namespace Unseen.Synthetic;

/// <summary>One bird in one picture: what it looks like and how it stands.</summary>
/// <param name="Values">Value per group that this bird has, whatever its species says.</param>
/// <param name="FacesLeft">True when the bird looks to the left.</param>
/// <param name="Scale">Pixels per unit of the bird's own measure, as a share of the picture size.</param>
/// <param name="Tilt">Degrees.</param>
/// <param name="ShiftX">Shift as a share of the picture size.</param>
/// <param name="ShiftY">Shift as a share of the picture size.</param>
/// <param name="WingRaise">Degrees by which the wing is lifted.</param>
/// <param name="HeadLift">Shift of the head in the bird's own measure; negative is up.</param>
/// <param name="TailLift">Degrees by which the tail is lifted.</param>
internal sealed record SketchIndividual(
    int[] Values, bool FacesLeft, float Scale, float Tilt, float ShiftX, float ShiftY, float WingRaise, float HeadLift, float TailLift)
{
    private static readonly int Size = SketchAttributes.Group("size");

    /// <summary>Draws an individual of a species.</summary>
    public static SketchIndividual Of(SketchSpecies species, SketchBirdsOptions options, SketchRandom random)
    {
        var values = Enumerable.Range(0, species.Main.Length).Select(g => species.Draw(g, options.AbsentAttributeRate, random)).ToArray();
        var pose = options.PoseVariation;
        var large = SketchAttributes.Groups[Size].Values[values[Size]] == "large";
        return new(
            values,
            FacesLeft: random.Chance(0.5),
            Scale: (large ? 0.44f : 0.33f) * (1 + random.Around(0.07 * pose)),
            Tilt: random.Around(13 * pose),
            ShiftX: random.Around(0.06 * pose),
            ShiftY: 0.02f + random.Around(0.05 * pose),
            WingRaise: random.Chance(0.35 * pose) ? random.Between(20, 55) : random.Around(6 * pose),
            HeadLift: random.Around(0.06 * pose),
            TailLift: random.Around(14 * pose));
    }

    /// <summary>The value of a group in words.</summary>
    public string this[string group]
    {
        get
        {
            var index = SketchAttributes.Group(group);
            return SketchAttributes.Groups[index].Values[Values[index]];
        }
    }
}
