using System.IO.Compression;
using SkiaSharp;
using Unseen.Features;
using Xunit;

namespace Unseen.Tests.Features;

public class ImageDecoderTests
{
    [Theory]
    [InlineData("jpeg-420.jpg")]
    [InlineData("jpeg-422.jpg")]
    [InlineData("jpeg-444.jpg")]
    [InlineData("jpeg-progressive.jpg")]
    [InlineData("jpeg-grey.jpg")]
    [InlineData("png-grey.png")]
    [InlineData("png-palette.png")]
    [InlineData("png-alpha.png")]
    [InlineData("png-grey-alpha.png")]
    [InlineData("png-bilevel.png")]
    [InlineData("bmp.bmp")]
    [InlineData("webp.webp")]
    [InlineData("gif.gif")]
    [InlineData("exif-1.jpg")]
    [InlineData("exif-2.jpg")]
    [InlineData("exif-3.jpg")]
    [InlineData("exif-4.jpg")]
    [InlineData("exif-5.jpg")]
    [InlineData("exif-6.jpg")]
    [InlineData("exif-7.jpg")]
    [InlineData("exif-8.jpg")]
    public void DecodesEqualToPillow(string name)
    {
        using var image = ImageDecoder.DecodeFile(GoldenPictures.PathOf(name));
        using var expected = ImageDecoder.DecodeFile(GoldenPictures.PathOf(Path.GetFileNameWithoutExtension(name) + ".expected.png"));

        Assert.Equal((expected.Height, expected.Width), (image.Height, image.Width));
        Assert.Equal(GoldenPictures.Rgb(expected), GoldenPictures.Rgb(image));
    }

    [Fact]
    public void CmykDiffersFromPillowByAtMostTheRoundingOfOneProduct()
    {
        var image = GoldenPictures.Rgb("jpeg-cmyk.jpg");
        var expected = GoldenPictures.Rgb("jpeg-cmyk.expected.png");

        Assert.Equal(expected.Length, image.Length);
        Assert.InRange(expected.Zip(image, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
    }

    [Fact]
    public void OrientationsTurnThePictureUpright()
    {
        // Stored 3 wide, 2 high: a b c / d e f. Each orientation says where row 0 and column 0 of the storage belong.
        string[] upright = ["abc/def", "cba/fed", "fed/cba", "def/abc", "ad/be/cf", "da/eb/fc", "fc/eb/da", "cf/be/ad"];
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var stored = new DecodedImage(2, 3);
            for (var i = 0; i < 6; i++) stored.Writable.Slice(4 * i, 4).Fill((byte)('a' + i));
            using var image = ImageDecoder.Upright(stored, (SKEncodedOrigin)orientation);
            var rows = Enumerable.Range(0, image.Height)
                .Select(y => string.Concat(Enumerable.Range(0, image.Width).Select(x => (char)image.Pixels[4 * ((y * image.Width) + x)])));
            Assert.Equal(upright[orientation - 1], string.Join('/', rows));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APngIsTurnedByItsExifChunk(bool isLittle)
    {
        var plain = File.ReadAllBytes(GoldenPictures.PathOf("png-palette.png"));
        for (ushort orientation = 1; orientation <= 8; orientation++)
        {
            using var expected = ImageDecoder.Upright(ImageDecoder.Decode(plain, "plain.png"), (SKEncodedOrigin)orientation);
            using var image = ImageDecoder.Decode(WithExif(plain, Tiff(orientation, isLittle)), "turned.png");
            Assert.Equal((expected.Height, expected.Width), (image.Height, image.Width));
            Assert.Equal(GoldenPictures.Rgb(expected), GoldenPictures.Rgb(image));
        }
    }

    [Fact]
    public void ADamagedExifChunkTurnsNothing()
    {
        var plain = File.ReadAllBytes(GoldenPictures.PathOf("png-palette.png"));
        using var expected = ImageDecoder.Decode(plain, "plain.png");
        var tiff = Tiff(6, isLittle: true);
        for (var length = 0; length < 22; length++)       // the entry ends there
        {
            using var image = ImageDecoder.Decode(WithExif(plain, tiff[..length]), "cut.png");
            Assert.Equal(GoldenPictures.Rgb(expected), GoldenPictures.Rgb(image));
        }
        foreach (var (at, value) in new[] { (0, (byte)'X'), (7, (byte)255), (9, (byte)0xFF), (10, (byte)0), (12, (byte)9), (18, (byte)9), (18, (byte)0) })
        {
            var broken = tiff.ToArray();
            broken[at] = value;
            if (at == 9) broken[8] = broken[10] = 0;      // thousands of entries, the first of another tag
            using var image = ImageDecoder.Decode(WithExif(plain, broken), "broken.png");
            Assert.Equal(GoldenPictures.Rgb(expected), GoldenPictures.Rgb(image));
        }
    }

    private static byte[] Tiff(ushort orientation, bool isLittle)
    {
        byte[] tiff = [.. isLittle ? "II*\0"u8 : "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, (byte)(orientation >> 8), (byte)orientation, 0, 0, 0, 0, 0, 0];
        if (isLittle) foreach (var (start, length) in new[] { (4, 4), (8, 2), (10, 2), (12, 2), (14, 4), (18, 2) }) tiff.AsSpan(start, length).Reverse();
        return tiff;
    }

    /// <summary>The picture with an eXIf chunk behind its header, which takes 25 bytes after the 8 of the signature.</summary>
    private static byte[] WithExif(byte[] png, byte[] tiff)
    {
        byte[] chunk = [.. "eXIf"u8, .. tiff];
        var crc = 0xFFFFFFFFu;
        foreach (var value in chunk)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
        }
        var frame = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, tiff.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), ~crc);
        return [.. png[..33], .. frame[..4], .. chunk, .. frame[4..], .. png[33..]];
    }

    [Fact]
    public void SixteenBitsKeepTheirUpperEight()
    {
        using var image = ImageDecoder.Decode(SixteenBitPng(), "deep.png");

        var expected = Enumerable.Range(0, 4).SelectMany(i => new[] { 60 * i, (60 * i) + 1, (60 * i) + 2 }.Select(v => (byte)v));
        Assert.Equal(expected, GoldenPictures.Rgb(image));
    }

    [Theory]
    [InlineData("jpeg-420.jpg")]
    [InlineData("jpeg-progressive.jpg")]
    [InlineData("png-palette.png")]
    [InlineData("webp.webp")]
    [InlineData("bmp.bmp")]
    [InlineData("gif.gif")]
    [InlineData("png-alpha.png")]
    [InlineData("jpeg-cmyk.jpg")]
    [InlineData("jpeg-grey.jpg")]
    public void TruncatedFilesAreRefused(string name)
    {
        var bytes = File.ReadAllBytes(GoldenPictures.PathOf(name));
        for (var length = 0; length < bytes.Length * 9 / 10; length += 1 + (bytes.Length / 50))
            Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(bytes.AsSpan(0, length), name).Dispose());
    }

    [Fact]
    public void TruncationIsNamed()
    {
        var bytes = File.ReadAllBytes(GoldenPictures.PathOf("jpeg-420.jpg"));
        var error = Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(bytes.AsSpan(0, bytes.Length * 3 / 4), "wren.jpg"));
        Assert.Equal("wren.jpg: the file is truncated: the picture ends before its last row.", error.Message);
        Assert.Equal("wren.jpg", error.Image);
    }

    [Fact]
    public void OfAnAnimationTheFirstPictureIsTaken()
    {
        var gif = File.ReadAllBytes(GoldenPictures.PathOf("gif.gif"));
        // A second picture of one pixel, then the trailer.
        byte[] animated = [.. gif[..^1], 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b];
        Assert.Equal(GoldenPictures.Rgb("gif.gif"), Rgb(animated, "animated.gif"));
        var (first, second) = (Webp(1), Webp(200));
        Assert.Equal(Rgb(first, "first.webp"), Rgb(AnimatedWebp(16, 16, first, second), "animated.webp"));
        Assert.NotEqual(Rgb(second, "second.webp"), Rgb(AnimatedWebp(16, 16, first, second), "animated.webp"));
    }

    [Fact]
    public void PipesAreNotWaitedFor()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("mkfifo is a Linux command");
        var folder = Directory.CreateTempSubdirectory("unseen-pipe-");
        try
        {
            var pipe = Path.Combine(folder.FullName, "pipe.jpg");
            System.Diagnostics.Process.Start("mkfifo", pipe).WaitForExit();
            Assert.Equal($"{pipe}: the file is empty.", Assert.Throws<UnreadableImageException>(() => ImageDecoder.DecodeFile(pipe)).Message);
            Assert.Throws<UnreadableImageException>(() => ImageDecoder.DecodeFile("/dev/zero"));
            Assert.Throws<UnreadableImageException>(() => ImageDecoder.DecodeFile(folder.FullName));
            Assert.Throws<UnreadableImageException>(() => ImageDecoder.DecodeFile("a\0b.jpg"));
            Assert.Throws<UnreadableImageException>(() => ImageDecoder.DecodeFile(""));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void OtherFilesAreRefused()
    {
        var text = Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode("class,split"u8, "classes.csv"));
        Assert.Equal("classes.csv: this is not a JPEG, PNG, WebP, GIF or BMP picture.", text.Message);
        var empty = Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode([], "empty.jpg"));
        Assert.Equal("empty.jpg: the file is empty.", empty.Message);
        var missing = Assert.Throws<UnreadableImageException>(() => ImageDecoder.DecodeFile("no-such-folder/no.jpg"));
        Assert.StartsWith("no-such-folder/no.jpg: the file cannot be read: ", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PixelBombsAreRefusedBeforeDecoding()
    {
        var bomb = PngHeader(width: 60_000, height: 60_000);
        var error = Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(bomb, "bomb.png"));
        Assert.Equal("bomb.png: the picture is 60000x60000 pixels; at most 100000000 pixels and 65535 per side are decoded.",
            error.Message);
        Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(PngHeader(width: 1_000_000, height: 1), "long.png"));
        var small = TestPictures.Png(11, 10, 1);
        Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(small, "small.png", maximumPixels: 109));
        ImageDecoder.Decode(small, "small.png", maximumPixels: 110).Dispose();
    }

    [Fact]
    public void MutatedBytesNeverDoWorseThanAnError()
    {
        foreach (var name in new[] { "jpeg-420.jpg", "png-palette.png", "gif.gif", "webp.webp", "bmp.bmp" })
        {
            var original = File.ReadAllBytes(GoldenPictures.PathOf(name));
            var random = new Random(7);
            for (var i = 0; i < 200; i++)
            {
                var bytes = original.ToArray();
                for (var change = 0; change < 4; change++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                try
                {
                    ImageDecoder.Decode(bytes, name, maximumPixels: 1_000_000).Dispose();
                }
                catch (UnreadableImageException)
                {
                    // A named problem is what a damaged file should give.
                }
            }
        }
    }

    private static byte[] Rgb(byte[] encoded, string name)
    {
        using var image = ImageDecoder.Decode(encoded, name);
        return GoldenPictures.Rgb(image);
    }

    private static byte[] Webp(byte level)
    {
        using var bitmap = new SKBitmap(16, 16, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(new SKColor(level, 60, 90));
        using var data = bitmap.Encode(SKEncodedImageFormat.Webp, 90);
        return data.ToArray();
    }

    /// <summary>The extended WebP container around the bit streams of simple WebP files.</summary>
    private static byte[] AnimatedWebp(int width, int height, params byte[][] frames)
    {
        static byte[] Little(int value, int bytes) => [.. Enumerable.Range(0, bytes).Select(i => (byte)(value >> (8 * i)))];
        static byte[] Riff(string type, byte[] content) =>
            [.. System.Text.Encoding.ASCII.GetBytes(type), .. Little(content.Length, 4), .. content, .. new byte[content.Length % 2]];
        byte[] Frame(byte[] file) => Riff("ANMF",
            [.. new byte[6], .. Little(width - 1, 3), .. Little(height - 1, 3), .. Little(100, 3), 2, .. file[12..]]);
        byte[] body = [.. "WEBP"u8, .. Riff("VP8X", [2, 0, 0, 0, .. Little(width - 1, 3), .. Little(height - 1, 3)]), .. Riff("ANIM", new byte[6]),
            .. frames.SelectMany(Frame)];
        return [.. "RIFF"u8, .. Little(body.Length, 4), .. body];
    }

    private static byte[] PngHeader(int width, int height) =>
        [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", [.. Big(width), .. Big(height), 8, 2, 0, 0, 0]), .. Chunk("IDAT", [0x78, 0x9c]),
            .. Chunk("IEND", [])];

    /// <summary>2x2 pixels of 16 bits; upper bytes 0, 1, 2, 60, 61, 62, ..., lower bytes 255 so that rounding would show.</summary>
    private static byte[] SixteenBitPng()
    {
        byte[] Pixel(int i) => [(byte)(60 * i), 255, (byte)((60 * i) + 1), 255, (byte)((60 * i) + 2), 255];
        byte[] rows = [0, .. Pixel(0), .. Pixel(1), 0, .. Pixel(2), .. Pixel(3)];
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(rows);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", [.. Big(2), .. Big(2), 16, 2, 0, 0, 0]), .. Chunk("IDAT", packed.ToArray()),
            .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. content];
        return [.. Big(content.Length), .. named, .. Big((int)Crc32(named))];
    }

    private static byte[] Big(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
