using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>The colours behind the colour words.</summary>
internal static class SketchPalette
{
    /// <summary>Outlines and eyes.</summary>
    public static readonly SKColor Ink = new(48, 40, 44);

    /// <summary>The pure colour of a word.</summary>
    public static SKColor Named(string word) => word switch
    {
        "blue" => new(62, 118, 208),
        "red" => new(214, 62, 56),
        "yellow" => new(246, 206, 64),
        "brown" => new(138, 92, 58),
        "white" => new(244, 242, 236),
        "black" => new(52, 48, 54),
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, "Not a colour word of the vocabulary."),
    };

    /// <summary>The colour of bars, spots and streaks on a base: dark on light colours, light on dark ones.</summary>
    public static SKColor PatternOn(SKColor color) =>
        Luma(color) > 125 ? Blend(color, Ink, 0.72f) : Blend(color, new SKColor(255, 250, 235), 0.8f);

    /// <summary>A mixture; 0 gives the first colour, 1 the second.</summary>
    public static SKColor Blend(SKColor first, SKColor second, float share) => new(
        Mix(first.Red, second.Red, share), Mix(first.Green, second.Green, share), Mix(first.Blue, second.Blue, share), first.Alpha);

    /// <summary>A shade of a colour as individuals have it.</summary>
    public static SKColor Shade(SKColor color, double strength, SketchRandom random) => new(
        Clip(color.Red + random.Around(16 * strength)), Clip(color.Green + random.Around(14 * strength)),
        Clip(color.Blue + random.Around(16 * strength)));

    private static double Luma(SKColor color) => 0.3 * color.Red + 0.59 * color.Green + 0.11 * color.Blue;

    private static byte Mix(byte first, byte second, float share) => Clip(first + (second - first) * share);

    private static byte Clip(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
}
