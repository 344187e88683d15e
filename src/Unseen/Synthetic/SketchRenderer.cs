using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>A visible part of a picture.</summary>
/// <param name="Part">Which part.</param>
/// <param name="X">Horizontal place, 0..1.</param>
/// <param name="Y">Vertical place, 0..1.</param>
internal readonly record struct VisiblePart(BirdPart Part, float X, float Y);

/// <summary>A finished picture; disposes its pixels.</summary>
/// <param name="Bitmap">RGBA pixels.</param>
/// <param name="Bird">Who is on it.</param>
/// <param name="Parts">Which parts one can see, and where.</param>
internal sealed record SketchPicture(SKBitmap Bitmap, SketchIndividual Bird, IReadOnlyList<VisiblePart> Parts) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Bitmap.Dispose();
}

/// <summary>Paints an individual in its habitat and finds out which of its parts can be seen.</summary>
internal static class SketchRenderer
{
    /// <summary>Head, bill, wing, breast, belly, tail, legs.</summary>
    private static readonly SKPoint[] LeafPlaces =
    [
        BirdAnatomy.HeadCenter, new(0.75f, -0.40f), new(-0.15f, 0.03f), new(0.40f, 0.05f), new(0.05f, 0.30f), new(-0.75f, 0.06f),
        new(0.10f, 0.50f),
    ];

    /// <summary>Draws picture <paramref name="image"/> of species number <paramref name="number"/>: a pure function of options and
    /// indices.</summary>
    public static SketchPicture Draw(SketchSpecies species, int number, int image, SketchBirdsOptions options)
    {
        var bird = Individual(species, number, image, options);
        var random = SketchRandom.For(options.Seed, "picture", number, image);
        var shapes = BirdDrawing.Of(bird, options.LightVariation, random);
        try
        {
            return Draw(bird, shapes, options, random);
        }
        finally
        {
            shapes.ForEach(s => s.Dispose());
        }
    }

    /// <summary>Who is on a picture.</summary>
    public static SketchIndividual Individual(SketchSpecies species, int number, int image, SketchBirdsOptions options) =>
        SketchIndividual.Of(species, options, SketchRandom.For(options.Seed, "individual", number, image));

    private static SketchPicture Draw(SketchIndividual bird, List<PaintedShape> shapes, SketchBirdsOptions options, SketchRandom random)
    {
        var size = options.ImageSize;
        var place = Place(bird);
        var leaves = Leaves(place, options, random);
        var bitmap = new SKBitmap(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Scale(size);
            SketchScene.PaintHabitat(canvas, bird["habitat"], place.MapPoint(0, BirdAnatomy.Ground).Y, random);
            SketchScene.PaintClutter(canvas, random.Poisson(options.Clutter), random);
            PaintBird(canvas, shapes, place, random);
            leaves.ForEach(leaf => PaintLeaf(canvas, leaf, random));
        }
        SketchLight.Apply(bitmap, options.LightVariation, random);
        var parts = PartMap.Find(shapes, leaves, place, size);
        leaves.ForEach(leaf => leaf.Dispose());
        return new(bitmap, bird, parts);
    }

    /// <summary>From the bird's measure to a picture of size 1.</summary>
    private static SKMatrix Place(SketchIndividual bird) => SKMatrix.CreateScale(bird.FacesLeft ? -bird.Scale : bird.Scale, bird.Scale)
        .PostConcat(SKMatrix.CreateRotationDegrees(bird.Tilt))
        .PostConcat(SKMatrix.CreateTranslation(0.5f + bird.ShiftX, 0.53f + bird.ShiftY));

    private static List<SKPath> Leaves(SKMatrix place, SketchBirdsOptions options, SketchRandom random)
    {
        var leaves = new List<SKPath>();
        for (var count = random.Poisson(options.Occlusion); count > 0; count--)
            leaves.Add(SketchScene.Leaf(place.MapPoint(LeafPlaces[random.Below(LeafPlaces.Length)]), random));
        return leaves;
    }

    private static void PaintBird(SKCanvas canvas, List<PaintedShape> shapes, SKMatrix place, SketchRandom random)
    {
        canvas.Save();
        canvas.Concat(place);
        using var pencil = SKPathEffect.CreateDiscrete(0.12f, 0.012f, (uint)random.Below(1 << 30));
        foreach (var shape in shapes)
            PaintShape(canvas, shape, pencil);
        canvas.Restore();
    }

    private static void PaintShape(SKCanvas canvas, PaintedShape shape, SKPathEffect pencil)
    {
        canvas.Save();
        if (shape.Clip is not null)
            canvas.ClipPath(shape.Clip, antialias: true);
        using var paint = Paint(shape, antialias: true);
        if (shape.Outlined)
        {
            using var outline = Stroke(SketchPalette.Ink, 0.045f);
            outline.PathEffect = pencil;
            canvas.DrawPath(shape.Path, outline);
        }
        canvas.DrawPath(shape.Path, paint);
        canvas.Restore();
    }

    private static void PaintLeaf(SKCanvas canvas, SKPath leaf, SketchRandom random)
    {
        var color = SketchPalette.Blend(new SKColor(70, 128, 62), new SKColor(120, 168, 84), random.Between(0, 1));
        using var fill = new SKPaint { Color = color, IsAntialias = true };
        using var edge = Stroke(SketchPalette.Blend(color, SketchPalette.Ink, 0.4f), 0.008f);
        canvas.DrawPath(leaf, fill);
        canvas.DrawPath(leaf, edge);
    }

    private static SKPaint Stroke(SKColor color, float width) => new()
    {
        Color = color,
        IsAntialias = true,
        IsStroke = true,
        StrokeWidth = width,
    };

    /// <summary>The paint of a shape, shared with the map of parts.</summary>
    internal static SKPaint Paint(PaintedShape shape, bool antialias) => new()
    {
        Color = shape.Color,
        IsAntialias = antialias,
        IsStroke = shape.LineWidth > 0,
        StrokeWidth = shape.LineWidth,
        StrokeCap = SKStrokeCap.Round,
    };
}
