namespace Unseen.Synthetic;

/// <summary>A species: how often its individuals have each value of each group.</summary>
/// <param name="Name">Invented name.</param>
/// <param name="Seen">True when it has training pictures.</param>
/// <param name="Main">Usual value per group.</param>
/// <param name="Other">Value of the second form per group, or the usual one.</param>
/// <param name="OtherRate">Share of individuals of the second form per group, 0..0.4.</param>
internal sealed record SketchSpecies(string Name, bool Seen, int[] Main, int[] Other, double[] OtherRate)
{
    /// <summary>Expected frequency, 0..1, of a value among the individuals that show the group.</summary>
    public double Frequency(int group, int value, double absentRate)
    {
        var follows = (value == Main[group] ? 1 - OtherRate[group] : 0) + (value == Other[group] ? OtherRate[group] : 0);
        var shared = SketchAttributes.Groups[group];
        return shared.Varies ? (1 - absentRate) * follows + absentRate / shared.Values.Length : follows;
    }

    /// <summary>Draws the value that one individual has.</summary>
    public int Draw(int group, double absentRate, SketchRandom random)
    {
        var shared = SketchAttributes.Groups[group];
        if (shared.Varies && random.Chance(absentRate))
            return random.Below(shared.Values.Length);
        return random.Chance(OtherRate[group]) ? Other[group] : Main[group];
    }

    /// <summary>Number of groups in which two species usually differ.</summary>
    public int Difference(SketchSpecies other) => Main.Zip(other.Main).Count(pair => pair.First != pair.Second);
}
