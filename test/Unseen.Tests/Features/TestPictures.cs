using SkiaSharp;

namespace Unseen.Tests.Features;

/// <summary>Small PNG files with chosen pixels.</summary>
internal static class TestPictures
{
    /// <summary>Encodes a picture whose pixel at (x, y) is given by a function.</summary>
    public static byte[] Png(int height, int width, Func<int, int, (byte R, byte G, byte B)> pixel)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, new SKColor(pixel(x, y).R, pixel(x, y).G, pixel(x, y).B));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A picture in which every channel of every pixel differs, shifted by a seed.</summary>
    public static byte[] Png(int height, int width, int seed) =>
        Png(height, width, (x, y) =>
        {
            var red = seed + (3 * ((y * width) + x));
            return ((byte)red, (byte)(red + 1), (byte)(red + 2));
        });
}
