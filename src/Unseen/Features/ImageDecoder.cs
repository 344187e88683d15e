using SkiaSharp;

namespace Unseen.Features;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF and BMP pictures to 8-bit RGB: upright by their EXIF orientation, grey and CMYK converted,
/// embedded colour profiles ignored and alpha dropped, as Pillow's <c>convert("RGB")</c> does.
/// </summary>
public static class ImageDecoder
{
    /// <summary>Default limit on height * width: 100 million pixels.</summary>
    public const long DefaultMaximumPixels = 100_000_000;

    /// <summary>Longest side that is decoded, the limit of JPEG.</summary>
    public const int MaximumSide = 65_535;

    private const long MaximumFileBytes = 1L << 30;

    /// <summary>Decodes a file.</summary>
    /// <param name="path">File.</param>
    /// <param name="maximumPixels">Limit on height * width, checked before decoding.</param>
    /// <exception cref="UnreadableImageException">The file is missing, not an image, damaged, truncated or too large.</exception>
    public static DecodedImage DecodeFile(string path, long maximumPixels = DefaultMaximumPixels) =>
        Decode(ReadFile(path), path, maximumPixels);

    /// <summary>Decodes bytes in memory.</summary>
    /// <param name="encoded">Content of an image file.</param>
    /// <param name="name">Name for error messages.</param>
    /// <param name="maximumPixels">Limit on height * width, checked before decoding.</param>
    /// <exception cref="UnreadableImageException">The bytes are not an image, damaged, truncated or too large.</exception>
    public static unsafe DecodedImage Decode(ReadOnlySpan<byte> encoded, string name, long maximumPixels = DefaultMaximumPixels)
    {
        if (encoded.IsEmpty) throw new UnreadableImageException(name, "the file is empty.");
        fixed (byte* bytes = encoded)
        {
            using var data = SKData.Create((nint)bytes, encoded.Length);
            using var codec = SKCodec.Create(data)
                ?? throw new UnreadableImageException(name, "this is not a JPEG, PNG, WebP, GIF or BMP picture.");
            RequireSize(codec.Info, name, maximumPixels);
            return Upright(Decode(codec, name), PngOrientation.Of(encoded) ?? codec.EncodedOrigin);
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            // A pipe or device has length 0 as well; opening it could wait for ever.
            if (new FileInfo(path).Length == 0) throw new UnreadableImageException(path, "the file is empty.");
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(file);
            if (length > MaximumFileBytes)
                throw new UnreadableImageException(path, $"the file has {length} bytes; at most {MaximumFileBytes} are read.");
            var bytes = GC.AllocateUninitializedArray<byte>((int)length);
            var read = RandomAccess.Read(file, bytes, 0);
            return read == bytes.Length ? bytes : bytes[..read];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UnreadableImageException(path, $"the file cannot be read: {e.Message}");
        }
    }

    private static void RequireSize(SKImageInfo info, string name, long maximumPixels)
    {
        if (info.Width < 1 || info.Height < 1)
            throw new UnreadableImageException(name, $"the picture has no pixels ({info.Width}x{info.Height}).");
        if (info.Width > MaximumSide || info.Height > MaximumSide
            || (long)info.Width * info.Height > Math.Min(maximumPixels, int.MaxValue / 4))
            throw new UnreadableImageException(name,
                $"the picture is {info.Width}x{info.Height} pixels; at most {maximumPixels} pixels and {MaximumSide} per side are " +
                    "decoded.");
    }

    private static unsafe DecodedImage Decode(SKCodec codec, string name)
    {
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        var image = new DecodedImage(codec.Info.Height, codec.Info.Width);
        SKCodecResult result;
        fixed (byte* pixels = image.Writable)
            // No colour space: embedded profiles are not applied.
            result = codec.GetPixels(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, alpha), (nint)pixels);
        if (result == SKCodecResult.Success) return image;
        image.Dispose();
        throw new UnreadableImageException(name, result == SKCodecResult.IncompleteInput
            ? "the file is truncated: the picture ends before its last row."
            : $"the picture is damaged ({result}).");
    }

    /// <summary>Turns and mirrors so that the picture stands upright; disposes the argument when a new picture is made.</summary>
    internal static DecodedImage Upright(DecodedImage image, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default) return image;
        int height = image.Height, width = image.Width, last = (height * width) - 1;
        var (start, stepX, stepY) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (last, -1, -width),
            SKEncodedOrigin.BottomLeft => (last - width + 1, 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (last - width + 1, -width, 1),
            SKEncodedOrigin.RightBottom => (last, -width, -1),
            _ => (width - 1, width, -1), // LeftBottom
        };
        var swapped = origin >= SKEncodedOrigin.LeftTop;
        var upright = swapped ? new DecodedImage(width, height) : new DecodedImage(height, width);
        CopyPixels(image, upright, start, stepX, stepY);
        image.Dispose();
        return upright;
    }

    private static void CopyPixels(DecodedImage source, DecodedImage target, int start, int stepX, int stepY)
    {
        Span<uint> from = source.Words, to = target.Words;
        for (int y = 0, i = 0; y < target.Height; y++)
            for (int x = 0, at = start + (y * stepY); x < target.Width; x++, at += stepX)
                to[i++] = from[at];
    }
}
