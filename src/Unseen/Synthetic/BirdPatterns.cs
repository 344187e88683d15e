using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>Bars, spots and streaks, as fresh paths in the bird's own measure.</summary>
internal static class BirdPatterns
{
    private static readonly SKPoint[] WingSpots =
    [
        new(0.13f, -0.06f), new(0.08f, 0.10f), new(-0.05f, 0.00f), new(-0.14f, 0.11f), new(-0.26f, 0.03f), new(-0.38f, 0.10f),
        new(-0.52f, 0.09f),
    ];

    private static readonly SKPoint[] BreastSpots =
    [
        new(0.48f, -0.08f), new(0.36f, -0.05f), new(0.47f, 0.08f), new(0.34f, 0.10f), new(0.24f, 0.19f), new(0.38f, 0.20f),
        new(0.22f, 0.31f), new(0.10f, 0.27f),
    ];

    /// <summary>The pattern of the wing, to be clipped to it; null for a plain wing.</summary>
    public static SKPath? OnWing(string pattern, float raise)
    {
        var path = pattern switch
        {
            "barred" => Bars([0.10f, -0.10f, -0.30f, -0.49f], -0.35f, 0.35f, width: 0.075f, slant: 0.10f),
            "spotted" => Spots(WingSpots, 0.045f),
            _ => null,
        };
        path?.Transform(SKMatrix.CreateRotationDegrees(raise, BirdAnatomy.Shoulder.X, BirdAnatomy.Shoulder.Y));
        return path;
    }

    /// <summary>The pattern of breast and upper belly, to be clipped to the body; null for a plain breast.</summary>
    public static SKPath? OnBreast(string pattern) => pattern switch
    {
        "streaked" => Streaks(),
        "spotted" => Spots(BreastSpots, 0.042f),
        _ => null,
    };

    private static readonly (float X, float Top, float Bottom)[] BreastStreaks =
        [(0.50f, -0.18f, 0.16f), (0.41f, -0.12f, 0.26f), (0.32f, -0.06f, 0.33f), (0.22f, 0.16f, 0.37f)];

    private static SKPath Streaks()
    {
        var path = new SKPath();
        foreach (var (x, top, bottom) in BreastStreaks)
            path.AddPoly([new(x - 0.022f, top), new(x + 0.022f, top), new(x - 0.04f, bottom), new(x - 0.08f, bottom)]);
        return path;
    }

    private static SKPath Bars(float[] places, float top, float bottom, float width, float slant)
    {
        var path = new SKPath();
        foreach (var x in places)
            path.AddPoly([new(x, top), new(x + width, top), new(x + width - slant, bottom), new(x - slant, bottom)]);
        return path;
    }

    private static SKPath Spots(SKPoint[] centers, float radius)
    {
        var path = new SKPath();
        foreach (var center in centers)
            path.AddCircle(center.X, center.Y, radius);
        return path;
    }
}
