using System.Globalization;

namespace Unseen.Features;

/// <summary>How the regions of a picture lie: row by row, left to right, top to bottom.</summary>
/// <param name="Height">Regions from top to bottom.</param>
/// <param name="Width">Regions from left to right.</param>
public readonly record struct FeatureGrid(int Height, int Width)
{
    private const int MaximumSide = 4096;

    /// <summary>Number of regions.</summary>
    public int Regions => Height * Width;

    /// <summary>Reads "HEIGHTxWIDTH", for example "14x14".</summary>
    /// <exception cref="ConfigurationException">The text is something else.</exception>
    public static FeatureGrid Parse(string text) => TryParse(text, out var grid)
        ? grid
        : throw new ConfigurationException([$"A grid must be HEIGHTxWIDTH with sides from 1 to {MaximumSide}, for example 7x7; found " +
            $"'{text}'."]);

    /// <summary>Reads "HEIGHTxWIDTH"; false when the text is something else.</summary>
    public static bool TryParse(string? text, out FeatureGrid grid)
    {
        grid = default;
        if (text?.Split('x') is not [var height, var width] || !TrySide(height, out var h) || !TrySide(width, out var w)) return false;
        grid = new(h, w);
        return true;
    }

    /// <summary>"HEIGHTxWIDTH".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    private static bool TrySide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= MaximumSide;
}
