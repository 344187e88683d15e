using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>Light on a finished picture: brightness, tint, a slope from one side, noise.</summary>
internal static class SketchLight
{
    /// <summary>Changes the pixels in place; strength 0 leaves them alone.</summary>
    public static void Apply(SKBitmap bitmap, double strength, SketchRandom random)
    {
        if (strength <= 0)
            return;
        var gain = 1 + random.Between(-0.22, 0.12) * strength;
        float[] tint = [.. Enumerable.Range(0, 3).Select(_ => (float)(gain * (1 + random.Around(0.06) * strength)))];
        var (slopeX, slopeY) = (random.Around(0.2 * strength), random.Around(0.2 * strength));
        var noise = (float)(7 * strength);
        var pixels = bitmap.GetPixelSpan();
        var (width, height) = (bitmap.Width, bitmap.Height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var slope = 1 + slopeX * ((float)x / width - 0.5f) + slopeY * ((float)y / height - 0.5f);
                Pixel(pixels.Slice(4 * (y * width + x), 3), tint, slope, noise, random.Bits());
            }
    }

    /// <summary>Three bytes of the random bits give the noise of the three channels.</summary>
    private static void Pixel(Span<byte> pixel, float[] tint, float slope, float noise, ulong bits)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var jitter = ((bits >> (8 * channel)) & 255) / 127.5f - 1;
            pixel[channel] = (byte)Math.Clamp(pixel[channel] * tint[channel] * slope + noise * jitter + 0.5f, 0, 255);
        }
    }
}
