using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>What surrounds the bird, in a picture of size 1: habitat, clutter in the birds' colours, perch.</summary>
internal static class SketchScene
{
    /// <summary>Paints the habitat; <paramref name="ground"/> is the height at which the bird stands.</summary>
    public static void PaintHabitat(SKCanvas canvas, string habitat, float ground, SketchRandom random)
    {
        switch (habitat)
        {
            case "water": PaintWater(canvas, random); break;
            case "forest": PaintForest(canvas, random); break;
            default: PaintDesert(canvas, random); break;
        }
        PaintPerch(canvas, habitat, ground, random);
    }

    /// <summary>Paints flowers, berries and butterflies.</summary>
    public static void PaintClutter(SKCanvas canvas, int count, SketchRandom random)
    {
        for (var i = 0; i < count; i++)
        {
            var color = SketchPalette.Named(SketchAttributes.PlumageColors[random.Below(SketchAttributes.PlumageColors.Length)]);
            var (x, y, radius) = (random.Between(0, 1), random.Between(0, 1), random.Between(0.025, 0.05));
            if (random.Chance(0.5))
                PaintFlower(canvas, x, y, radius, color);
            else
                PaintButterfly(canvas, x, y, radius, color);
        }
    }

    /// <summary>A leaf in front of the bird; the caller disposes the path.</summary>
    public static SKPath Leaf(SKPoint center, SketchRandom random)
    {
        var (length, width) = (random.Between(0.11, 0.16), random.Between(0.06, 0.085));
        var path = new SKPath();
        path.MoveTo(-length, 0);
        path.QuadTo(0, -2 * width, length, 0);
        path.QuadTo(0, 2 * width, -length, 0);
        path.Close();
        path.Transform(SKMatrix.CreateRotationDegrees(random.Between(0, 360)));
        path.Offset(center);
        return path;
    }

    private static void PaintWater(SKCanvas canvas, SketchRandom random)
    {
        var horizon = random.Between(0.30, 0.55);
        Fill(canvas, SKRect.Create(0, 0, 1, horizon), new SKColor(206, 230, 240));
        Fill(canvas, SKRect.Create(0, horizon, 1, 1 - horizon), new SKColor(112, 176, 190));
        using var line = Line(new SKColor(186, 222, 226), 0.012f);
        for (var i = 0; i < 9; i++)
        {
            var (x, y) = (random.Between(-0.1, 0.9), random.Between(horizon + 0.03, 1));
            using var wave = new SKPath();
            wave.MoveTo(x, y);
            wave.QuadTo(x + 0.06f, y - 0.035f, x + 0.12f, y);
            wave.QuadTo(x + 0.18f, y + 0.035f, x + 0.24f, y);
            canvas.DrawPath(wave, line);
        }
    }

    private static void PaintForest(SKCanvas canvas, SketchRandom random)
    {
        Fill(canvas, SKRect.Create(0, 0, 1, 1), new SKColor(176, 208, 150));
        using var trunk = Line(new SKColor(146, 120, 96), 0.07f);
        for (var i = 0; i < 3; i++)
        {
            var x = random.Between(0, 1);
            canvas.DrawLine(x, 0, x + random.Around(0.06), 1, trunk);
        }
        for (var i = 0; i < 16; i++)
            Disc(canvas, random.Between(0, 1), random.Between(0, 1), random.Between(0.05, 0.13),
                SketchPalette.Blend(new SKColor(92, 150, 84), new SKColor(150, 194, 118), random.Between(0, 1)));
    }

    private static void PaintDesert(SKCanvas canvas, SketchRandom random)
    {
        var horizon = random.Between(0.35, 0.6);
        Fill(canvas, SKRect.Create(0, 0, 1, 1), new SKColor(240, 226, 206));
        using var sand = new SKPaint { Color = new SKColor(224, 190, 142), IsAntialias = true };
        using var dune = new SKPath();
        dune.MoveTo(0, horizon);
        dune.CubicTo(0.3f, horizon - random.Between(0, 0.15), 0.6f, horizon + random.Between(0, 0.15), 1, horizon);
        dune.LineTo(1, 1);
        dune.LineTo(0, 1);
        canvas.DrawPath(dune, sand);
        PaintCactus(canvas, random.Chance(0.5) ? random.Between(0.04, 0.2) : random.Between(0.8, 0.96), horizon + 0.12f, random);
        for (var i = 0; i < 6; i++)
            Disc(canvas, random.Between(0, 1), random.Between(horizon + 0.05, 1), random.Between(0.01, 0.025), new SKColor(190, 154, 112));
    }

    private static void PaintCactus(SKCanvas canvas, float x, float foot, SketchRandom random)
    {
        using var green = Line(new SKColor(98, 146, 96), 0.06f);
        green.StrokeCap = SKStrokeCap.Round;
        var (height, side) = (random.Between(0.25, 0.4), random.Chance(0.5) ? 0.09f : -0.09f);
        canvas.DrawLine(x, foot, x, foot - height, green);
        canvas.DrawLine(x, foot - height * 0.4f, x + side, foot - height * 0.45f, green);
        canvas.DrawLine(x + side, foot - height * 0.45f, x + side, foot - height * 0.75f, green);
    }

    private static void PaintPerch(SKCanvas canvas, string habitat, float ground, SketchRandom random)
    {
        if (habitat == "forest")
        {
            using var branch = Line(new SKColor(120, 94, 74), 0.045f);
            canvas.DrawLine(-0.05f, ground + 0.02f + random.Around(0.04), 1.05f, ground + 0.02f + random.Around(0.04), branch);
            return;
        }
        var color = habitat == "water" ? new SKColor(150, 148, 150) : new SKColor(208, 172, 126);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawOval(0.5f + random.Around(0.05), ground + 0.10f, random.Between(0.28, 0.4), 0.11f, paint);
    }

    private static void PaintFlower(SKCanvas canvas, float x, float y, float radius, SKColor color)
    {
        for (var petal = 0; petal < 5; petal++)
            Disc(canvas, x + radius * MathF.Cos(petal * 1.2566f), y + radius * MathF.Sin(petal * 1.2566f), radius * 0.7f, color);
        Disc(canvas, x, y, radius * 0.5f, SketchPalette.PatternOn(color));
    }

    private static void PaintButterfly(SKCanvas canvas, float x, float y, float radius, SKColor color)
    {
        foreach (var side in new[] { -1, 1 })
        {
            Disc(canvas, x + side * radius * 0.9f, y - radius * 0.5f, radius * 0.95f, color);
            Disc(canvas, x + side * radius * 0.7f, y + radius * 0.6f, radius * 0.65f, color);
        }
        using var body = Line(SketchPalette.Ink, radius * 0.4f);
        canvas.DrawLine(x, y - radius, x, y + radius, body);
    }

    private static void Fill(SKCanvas canvas, SKRect place, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        canvas.DrawRect(place, paint);
    }

    private static void Disc(SKCanvas canvas, float x, float y, float radius, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawCircle(x, y, radius, paint);
    }

    private static SKPaint Line(SKColor color, float width) => new()
    {
        Color = color,
        IsAntialias = true,
        Style = SKPaintStyle.Stroke,
        StrokeWidth = width,
        StrokeCap = SKStrokeCap.Round,
    };
}
