using System.Runtime.InteropServices;
using SkiaSharp;
using Unseen.Features;

namespace Unseen.Explanation;

/// <summary>Draws where a model looked: attention over the regions as a warm veil on the picture.</summary>
public static class AttentionOverlay
{
    private const int Side = 224;
    private const int Quality = 90;
    private const byte StrongestVeil = 190;

    /// <summary>The picture, stretched to a square, with the attention of one attribute on it.</summary>
    /// <param name="imagePath">Picture file.</param>
    /// <param name="attention">Attention per region, row by row; any scale, the largest is drawn strongest.</param>
    /// <param name="grid">Grid of the regions.</param>
    /// <returns>A PNG file, 224 x 224 pixels.</returns>
    /// <exception cref="DatasetFormatException">The picture cannot be read.</exception>
    /// <exception cref="ShapeException">The attention does not fill the grid.</exception>
    public static byte[] Draw(string imagePath, ReadOnlySpan<float> attention, FeatureGrid grid)
    {
        using var picture = SKBitmap.Decode(imagePath) ?? throw new DatasetFormatException(imagePath, "the picture cannot be decoded.");
        using var image = SKImage.FromBitmap(picture);
        return Draw(image, attention, grid);
    }

    /// <summary>The picture with the attention of one attribute on it, as a PNG file of the same size as above.</summary>
    internal static byte[] Draw(PictureView view, IReadOnlyList<float> attention, FeatureGrid grid)
    {
        using var image = Image(view);
        return Draw(image, [.. attention], grid);
    }

    /// <summary>The picture alone.</summary>
    internal static byte[] Draw(PictureView view)
    {
        using var image = Image(view);
        return Draw(image, [], null);
    }

    private static SKImage Image(PictureView view) => SKImage.FromPixelCopy(
        new SKImageInfo(view.Width, view.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), MemoryMarshal.AsBytes(view.Words.AsSpan()));

    private static byte[] Draw(SKImage image, ReadOnlySpan<float> attention, FeatureGrid? grid)
    {
        if (attention.Length != (grid?.Regions ?? 0))
            throw new ShapeException($"'{nameof(attention)}' must have one value per region of the grid {grid} = {grid?.Regions ?? 0}, found {attention.Length}.");
        using var surface = SKSurface.Create(new SKImageInfo(Side, Side));
        var smooth = new SKSamplingOptions(SKFilterMode.Linear);
        surface.Canvas.DrawImage(image, SKRect.Create(Side, Side), smooth);
        if (grid is not null)
        {
            using var veil = Veil(attention, grid.Value);
            using var veilImage = SKImage.FromBitmap(veil);
            surface.Canvas.DrawImage(veilImage, SKRect.Create(Side, Side), smooth);
        }
        using var snapshot = surface.Snapshot();
        using var data = snapshot.Encode(SKEncodedImageFormat.Png, Quality);
        return data.ToArray();
    }

    /// <summary>One pixel per region; the canvas stretches it bilinearly.</summary>
    private static SKBitmap Veil(ReadOnlySpan<float> attention, FeatureGrid grid)
    {
        var veil = new SKBitmap(grid.Width, grid.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in attention) (least, most) = (Math.Min(least, value), Math.Max(most, value));
        for (var region = 0; region < grid.Regions; region++)
        {
            var strength = most > least ? (attention[region] - least) / (most - least) : 0;
            veil.SetPixel(region % grid.Width, region / grid.Width, new SKColor(255, 80, 0, (byte)(strength * StrongestVeil)));
        }
        return veil;
    }
}
