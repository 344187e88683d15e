using SkiaSharp;

namespace Unseen.Data.Import;

/// <summary>Sizes and crops of pictures.</summary>
internal static class CubPictures
{
    private const int JpegQuality = 95;
    private const long MaximumPixels = 100_000_000;

    /// <summary>Width and height from the header of a picture.</summary>
    internal static (int Width, int Height) Size(string path)
    {
        using var codec = Open(path);
        return (codec.Info.Width, codec.Info.Height);
    }

    /// <summary>Writes the part of a picture inside a box, in pixels, clipped to the picture.</summary>
    internal static void Crop(string path, SKRectI box, string output)
    {
        using var codec = Open(path);
        using var picture = SKBitmap.Decode(codec) ?? throw Unreadable(path);
        box.Intersect(picture.Info.Rect);
        if (box.Width < 1 || box.Height < 1)
            throw new DatasetFormatException(path, $"the bounding box lies outside the picture of {picture.Width} x " +
                $"{picture.Height} pixels.");
        using var part = new SKBitmap();
        if (!picture.ExtractSubset(part, box))
            throw Unreadable(path);
        using var image = SKImage.FromBitmap(part);
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, JpegQuality);
        AtomicFile.Write(output, stream => data.SaveTo(stream));
    }

    private static SKCodec Open(string path)
    {
        var codec = (File.Exists(path) ? SKCodec.Create(path) : null) ?? throw Unreadable(path);
        if ((long)codec.Info.Width * codec.Info.Height <= MaximumPixels)
            return codec;
        codec.Dispose();
        throw new DatasetFormatException(path, $"the picture has more than {MaximumPixels} pixels.");
    }

    private static DatasetFormatException Unreadable(string path) => new(path, "the picture cannot be decoded.");
}
