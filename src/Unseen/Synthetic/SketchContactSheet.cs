using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>Draws many pictures on one: a row per species.</summary>
internal static class SketchContactSheet
{
    /// <summary>Draws the first <paramref name="columns"/> pictures of every species; <paramref name="markParts"/> puts a dot on each
    /// visible part.</summary>
    public static SKBitmap Draw(SketchBirdsOptions options, int columns, int skip = 0, int rows = int.MaxValue, bool markParts = false)
    {
        var species = SketchSpeciesGenerator.Invent(options);
        rows = Math.Min(rows, species.Length - skip);
        var sheet = new SKBitmap(columns * options.ImageSize, rows * options.ImageSize);
        using var canvas = new SKCanvas(sheet);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                using var picture = SketchRenderer.Draw(species[skip + row], skip + row, column, options);
                var corner = new SKPoint(column * options.ImageSize, row * options.ImageSize);
                canvas.DrawBitmap(picture.Bitmap, corner.X, corner.Y);
                if (markParts)
                    MarkParts(canvas, picture, corner);
            }
        return sheet;
    }

    private static void MarkParts(SKCanvas canvas, SketchPicture picture, SKPoint corner)
    {
        using var paint = new SKPaint { Color = SKColors.Magenta };
        foreach (var part in picture.Parts)
            canvas.DrawCircle(corner.X + part.X * picture.Bitmap.Width, corner.Y + part.Y * picture.Bitmap.Height, 1.5f, paint);
    }
}
