using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>
/// The shapes of a bird that looks to the right, in its own measure: the body is about one unit long, y points down, and everything fits in
/// -1.05..1.05. Each call gives a fresh path that the caller disposes.
/// </summary>
internal static class BirdAnatomy
{
    /// <summary>Centre of the head when it is not lifted.</summary>
    public static readonly SKPoint HeadCenter = new(0.42f, -0.40f);

    /// <summary>Radius of the head.</summary>
    public const float HeadRadius = 0.25f;

    /// <summary>Joint about which the wing is raised.</summary>
    public static readonly SKPoint Shoulder = new(0.20f, -0.06f);

    /// <summary>Joint about which the tail is lifted.</summary>
    public static readonly SKPoint TailRoot = new(-0.42f, 0.04f);

    /// <summary>Height of the ground below the feet.</summary>
    public const float Ground = 0.66f;

    public static SKPath Body()
    {
        var path = new SKPath();
        path.MoveTo(0.20f, -0.46f);
        path.CubicTo(0.55f, -0.34f, 0.62f, 0.10f, 0.38f, 0.27f);
        path.CubicTo(0.16f, 0.43f, -0.24f, 0.39f, -0.55f, 0.13f);
        path.CubicTo(-0.60f, 0.06f, -0.54f, -0.04f, -0.44f, -0.09f);
        path.CubicTo(-0.22f, -0.22f, -0.06f, -0.42f, 0.20f, -0.46f);
        path.Close();
        return path;
    }

    /// <summary>The neck behind the head: drawn over the body, in its colour.</summary>
    public static SKPath Nape(float headLift)
    {
        var path = new SKPath();
        path.MoveTo(0.30f, -0.58f + headLift);
        path.QuadTo(0.10f, -0.50f, -0.06f, -0.32f);
        path.LineTo(0.22f, -0.20f);
        path.LineTo(0.40f, -0.30f);
        path.Close();
        return path;
    }

    /// <summary>The underside, to be clipped to the body: behind the breast or in front of it.</summary>
    public static SKPath Underside(bool breast)
    {
        var path = new SKPath();
        path.MoveTo(breast ? 0.27f : -0.70f, breast ? -0.12f : 0.11f);
        if (breast)
        {
            path.QuadTo(0.34f, -0.22f, 0.80f, -0.34f);
            path.LineTo(0.80f, 0.60f);
            path.LineTo(0.20f, 0.60f);
        }
        else
        {
            path.QuadTo(-0.10f, 0.14f, 0.30f, -0.14f); // reaches under the breast: no seam
            path.LineTo(0.24f, 0.60f);
            path.LineTo(-0.70f, 0.60f);
        }
        path.Close();
        return path;
    }

    public static SKPath Wing(float raise)
    {
        var path = new SKPath();
        path.MoveTo(0.25f, -0.10f);
        path.CubicTo(0.27f, 0.13f, 0.04f, 0.24f, -0.20f, 0.19f);
        path.CubicTo(-0.40f, 0.17f, -0.58f, 0.16f, -0.70f, 0.08f);
        path.CubicTo(-0.50f, 0.03f, -0.36f, -0.04f, -0.20f, -0.12f);
        path.CubicTo(-0.05f, -0.19f, 0.20f, -0.26f, 0.25f, -0.10f);
        path.Close();
        return Turned(path, raise, Shoulder);
    }

    public static SKPath Tail(string shape, float lift)
    {
        var path = new SKPath();
        path.MoveTo(-0.38f, -0.10f);
        foreach (var (x, y) in TailTips(shape))
            path.LineTo(x, y);
        path.LineTo(-0.40f, 0.18f);
        path.Close();
        return Turned(path, lift, TailRoot);
    }

    public static SKPath Bill(string shape, bool isLong, float headLift)
    {
        var reach = isLong ? 0.50f : 0.24f;
        var path = new SKPath();
        path.MoveTo(0.59f, -0.54f);
        if (shape == "hooked")
        {
            path.CubicTo(0.62f + reach * 0.7f, -0.60f, 0.66f + reach, -0.46f, 0.58f + reach, -0.14f);
            path.CubicTo(0.56f + reach * 0.8f, -0.28f, 0.60f + reach * 0.5f, -0.30f, 0.58f, -0.28f);
        }
        else
        {
            var half = shape == "cone" ? 0.19f : 0.07f;
            path.Rewind();
            path.MoveTo(0.59f, -0.40f - half);
            path.QuadTo(0.60f + reach * 0.6f, -0.40f - half * 0.8f, 0.62f + reach, -0.38f);
            path.LineTo(0.59f, -0.40f + half);
        }
        path.Close();
        path.Offset(0, headLift);
        return path;
    }

    public static SKPath Head(float headLift)
    {
        var path = new SKPath();
        path.AddCircle(HeadCenter.X, HeadCenter.Y + headLift, HeadRadius);
        return path;
    }

    /// <summary>The upper third of the head, with or without feathers that stand up.</summary>
    public static SKPath Crown(bool crested, float headLift)
    {
        var path = new SKPath();
        path.AddArc(SKRect.Create(HeadCenter.X - HeadRadius, HeadCenter.Y - HeadRadius, 2 * HeadRadius, 2 * HeadRadius), 195, 150);
        path.Close();
        if (crested)
            path.AddPoly(
            [
                new(0.58f, -0.58f), new(0.44f, -0.88f), new(0.38f, -0.72f), new(0.22f, -0.96f), new(0.24f, -0.70f), new(0.04f, -0.86f),
                new(0.18f, -0.46f),
            ]);
        path.Offset(0, headLift);
        return path;
    }

    /// <summary>Both legs with their toes, as lines.</summary>
    public static SKPath Legs()
    {
        var path = new SKPath();
        foreach (var (hip, foot) in new[] { (-0.02f, 0.02f), (0.16f, 0.22f) })
        {
            path.MoveTo(hip, 0.30f);
            path.LineTo(foot, Ground - 0.02f);
            path.MoveTo(foot - 0.08f, Ground);
            path.LineTo(foot, Ground - 0.04f);
            path.LineTo(foot + 0.12f, Ground);
        }
        return path;
    }

    private static (float X, float Y)[] TailTips(string shape) => shape switch
    {
        "forked" => [(-1.00f, -0.16f), (-0.66f, 0.08f), (-1.00f, 0.34f)],
        "fan" => [(-0.74f, -0.26f), (-0.88f, -0.12f), (-0.92f, 0.06f), (-0.88f, 0.24f), (-0.74f, 0.38f)],
        _ => [(-0.62f, -0.04f), (-1.05f, 0.12f), (-0.62f, 0.18f)],
    };

    private static SKPath Turned(SKPath path, float degrees, SKPoint joint)
    {
        path.Transform(SKMatrix.CreateRotationDegrees(degrees, joint.X, joint.Y));
        return path;
    }
}
