using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>Finds the visible parts by painting the same shapes once more, without smoothing, in one number per part.</summary>
internal static class PartMap
{
    private static readonly int PartCount = Enum.GetValues<BirdPart>().Length;

    /// <summary>
    /// The parts of which at least a quarter (and three pixels) can be seen, each with the visible pixel nearest to the middle of what
    /// is visible.
    /// </summary>
    public static IReadOnlyList<VisiblePart> Find(List<PaintedShape> shapes, List<SKPath> leaves, SKMatrix place, int size)
    {
        using var map = new SKBitmap(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(map);
        canvas.Clear(SKColors.Black);
        canvas.Scale(size);
        PaintNumbers(canvas, shapes, place);
        var whole = Areas(map);
        foreach (var leaf in leaves)
            using (var paint = new SKPaint { Color = SKColors.Black, IsAntialias = false })
                canvas.DrawPath(leaf, paint);
        var seen = Areas(map);
        var visible = Enumerable.Range(1, PartCount - 1).Where(p => seen[p] >= Math.Max(3, whole[p] / 4));
        return [.. visible.Select(p => Center(map, (BirdPart)p))];
    }

    private static void PaintNumbers(SKCanvas canvas, List<PaintedShape> shapes, SKMatrix place)
    {
        canvas.Save();
        canvas.Concat(place);
        foreach (var shape in shapes.Where(s => !s.Decoration))
        {
            canvas.Save();
            if (shape.Clip is not null)
                canvas.ClipPath(shape.Clip);
            using var paint = SketchRenderer.Paint(shape with { Color = new SKColor((byte)shape.Part, 0, 0) }, antialias: false);
            canvas.DrawPath(shape.Path, paint);
            canvas.Restore();
        }
        canvas.Restore();
    }

    private static int[] Areas(SKBitmap map)
    {
        var areas = new int[PartCount];
        var pixels = map.GetPixelSpan();
        for (var i = 0; i < pixels.Length; i += 4)
            areas[pixels[i]]++;
        return areas;
    }

    private static VisiblePart Center(SKBitmap map, BirdPart part)
    {
        var places = PixelsOf(map, part);
        var (middleX, middleY) = (places.Average(p => p.X), places.Average(p => p.Y));
        var (x, y) = places.MinBy(p => (p.X - middleX) * (p.X - middleX) + (p.Y - middleY) * (p.Y - middleY));
        return new(part, (x + 0.5f) / map.Width, (y + 0.5f) / map.Height);
    }

    private static List<(int X, int Y)> PixelsOf(SKBitmap map, BirdPart part)
    {
        var places = new List<(int, int)>();
        var pixels = map.GetPixelSpan();
        for (var i = 0; i < pixels.Length / 4; i++)
            if (pixels[4 * i] == (byte)part)
                places.Add((i % map.Width, i / map.Width));
        return places;
    }
}
