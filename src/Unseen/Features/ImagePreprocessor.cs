using System.Runtime.InteropServices;

namespace Unseen.Features;

/// <summary>Turns pictures into the input of a backbone: decode, resize, crop, normalise. Thread-safe.</summary>
public sealed class ImagePreprocessor
{
    private readonly long maximumPixels;
    private readonly float[][] values; // [plane][pixel value]

    /// <summary>Creates a preprocessor.</summary>
    /// <param name="options">What the backbone wants.</param>
    /// <param name="maximumPixels">Limit on height * width of a picture, checked before decoding.</param>
    /// <exception cref="ConfigurationException">The options are wrong.</exception>
    public ImagePreprocessor(PreprocessingOptions options, long maximumPixels = ImageDecoder.DefaultMaximumPixels)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumPixels, 1);
        (Options, this.maximumPixels) = (options, maximumPixels);
        values = [.. Enumerable.Range(0, 3).Select(Table)];
    }

    /// <summary>What the backbone wants.</summary>
    public PreprocessingOptions Options { get; }

    /// <summary>Reads a file into an input.</summary>
    /// <param name="path">Image file.</param>
    /// <param name="input">Receives the input [3, height, width]; at least <see cref="PreprocessingOptions.InputLength"/> long.</param>
    /// <exception cref="UnreadableImageException">The file cannot be decoded.</exception>
    public void ReadFile(string path, Span<float> input)
    {
        using var image = ImageDecoder.DecodeFile(path, maximumPixels);
        Read(image, path, input);
    }

    /// <summary>Reads an encoded picture in memory into an input.</summary>
    /// <param name="encoded">Content of an image file.</param>
    /// <param name="name">Name for error messages.</param>
    /// <param name="input">Receives the input [3, height, width]; at least <see cref="PreprocessingOptions.InputLength"/> long.</param>
    /// <exception cref="UnreadableImageException">The bytes cannot be decoded.</exception>
    public void Read(ReadOnlySpan<byte> encoded, string name, Span<float> input)
    {
        using var image = ImageDecoder.Decode(encoded, name, maximumPixels);
        Read(image, name, input);
    }

    /// <summary>Reads a decoded picture into an input.</summary>
    /// <param name="image">Picture; stays the caller's.</param>
    /// <param name="name">Name for error messages.</param>
    /// <param name="input">Receives the input [3, height, width]; at least <see cref="PreprocessingOptions.InputLength"/> long.</param>
    /// <exception cref="UnreadableImageException">The picture is so long and thin that resizing it would pass the pixel limit.</exception>
    public void Read(DecodedImage image, string name, Span<float> input)
    {
        if (input.Length < Options.InputLength)
            throw new ShapeException($"input must hold [3, {Options.Height}, {Options.Width}] = {Options.InputLength} floats, found {input.Length}.");
        var (height, width) = Options.ResizedSize(image.Height, image.Width);
        if ((long)height * width > maximumPixels)
            throw new UnreadableImageException(name,
                $"resized by its shortest side the picture would be {width}x{height} pixels; at most {maximumPixels} are made.");
        using var resized = PillowResampler.Resize(image, height, width, Options.Interpolation);
        Normalise(resized, input);
    }

    private void Normalise(DecodedImage image, Span<float> input)
    {
        var top = CropOffset(image.Height, Options.Height);
        var left = CropOffset(image.Width, Options.Width);
        var plane = Options.Height * Options.Width;
        var pixels = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        for (var y = 0; y < Options.Height; y++)
        {
            var row = pixels.Slice(((top + y) * image.Width) + left, Options.Width);
            var at = y * Options.Width;
            NormaliseRow(row, input.Slice(at, row.Length), input.Slice(at + plane, row.Length), input.Slice(at + (2 * plane), row.Length));
        }
    }

    private void NormaliseRow(ReadOnlySpan<uint> row, Span<float> first, Span<float> second, Span<float> third)
    {
        ReadOnlySpan<float> a = values[0].AsSpan(0, 256), b = values[1].AsSpan(0, 256), c = values[2].AsSpan(0, 256);
        var (firstShift, thirdShift) = Options.ChannelOrder == ChannelOrder.Rgb ? (0, 16) : (16, 0);
        for (var x = 0; x < row.Length; x++)
        {
            var pixel = row[x];
            first[x] = a[(byte)(pixel >> firstShift)];
            second[x] = b[(byte)(pixel >> 8)];
            third[x] = c[(byte)(pixel >> thirdShift)];
        }
    }

    // Half to even, as Python's round in torchvision's CenterCrop.
    private static int CropOffset(int size, int crop) => (int)Math.Round((size - crop) / 2.0, MidpointRounding.ToEven);

    private float[] Table(int plane) =>
        [.. Enumerable.Range(0, 256).Select(v => (float)(((v * Options.Scale) - Options.Mean[plane]) / Options.StandardDeviation[plane]))];
}
