using System.Numerics;

namespace Unseen.Features;

/// <summary>Turns pictures into the input of a backbone: decode, resize, crop, normalise. Thread-safe.</summary>
public sealed class ImagePreprocessor
{
    private readonly long maximumPixels;
    private readonly float[] factors, offsets; // per plane: input = pixel * factor + offset

    /// <summary>Creates a preprocessor.</summary>
    /// <param name="options">What the backbone wants.</param>
    /// <param name="maximumPixels">Limit on height * width of a picture, checked before decoding.</param>
    /// <exception cref="ConfigurationException">The options are wrong.</exception>
    public ImagePreprocessor(PreprocessingOptions options, long maximumPixels = ImageDecoder.DefaultMaximumPixels)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumPixels, 1);
        (Options, this.maximumPixels) = (options, maximumPixels);
        factors = [.. options.StandardDeviation.Select(deviation => (float)(options.Scale / deviation))];
        offsets = [.. options.Mean.Zip(options.StandardDeviation, (mean, deviation) => (float)(-mean / deviation))];
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
            throw new ShapeException($"input must hold [3, {Options.Height}, {Options.Width}] = {Options.InputLength} floats, found " +
                $"{input.Length}.");
        var (height, width) = Options.ResizedSize(image.Height, image.Width);
        if ((long)height * width > maximumPixels)
            throw new UnreadableImageException(name,
                $"resized by its shortest side the picture would be {width}x{height} pixels; at most {maximumPixels} are made.");
        using var resized = PillowResampler.Resize(image, height, width, Options.Interpolation);
        Normalise(resized, input);
    }

    /// <summary>Takes the normalisation back, to keep pictures in a quarter of the memory.</summary>
    /// <param name="input">Input [3, height, width] of this preprocessor.</param>
    /// <param name="pixels">Receives the 8-bit values [3, height, width].</param>
    internal void ToBytes(ReadOnlySpan<float> input, Span<byte> pixels)
    {
        var plane = Options.Height * Options.Width;
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)MathF.Round((input[i] - offsets[i / plane]) / factors[i / plane]);
    }

    /// <summary>Normalises 8-bit values, to the bit as they were before <see cref="ToBytes"/>.</summary>
    internal void FromBytes(ReadOnlySpan<byte> pixels, Span<float> input)
    {
        var plane = Options.Height * Options.Width;
        for (var p = 0; p < 3; p++)
            for (var i = p * plane; i < (p + 1) * plane; i++)
                input[i] = (pixels[i] * factors[p]) + offsets[p];
    }

    private void Normalise(DecodedImage image, Span<float> input)
    {
        var top = CropOffset(image.Height, Options.Height);
        var left = CropOffset(image.Width, Options.Width);
        var plane = Options.Height * Options.Width;
        ReadOnlySpan<uint> pixels = image.Words;
        for (var y = 0; y < Options.Height; y++)
        {
            var row = pixels.Slice(((top + y) * image.Width) + left, Options.Width);
            var at = y * Options.Width;
            NormaliseRow(row, input.Slice(at, row.Length), input.Slice(at + plane, row.Length), input.Slice(at + (2 * plane), row.Length));
        }
    }

    private void NormaliseRow(ReadOnlySpan<uint> row, Span<float> first, Span<float> second, Span<float> third)
    {
        var (firstShift, thirdShift) = Options.ChannelOrder == ChannelOrder.Rgb ? (0, 16) : (16, 0);
        NormalisePlane(row, firstShift, factors[0], offsets[0], first);
        NormalisePlane(row, 8, factors[1], offsets[1], second);
        NormalisePlane(row, thirdShift, factors[2], offsets[2], third);
    }

    private static void NormalisePlane(ReadOnlySpan<uint> row, int shift, float factor, float offset, Span<float> plane)
    {
        var x = 0;
        for (; x <= row.Length - Vector<uint>.Count; x += Vector<uint>.Count)
        {
            var values = (new Vector<uint>(row[x..]) >> shift) & new Vector<uint>(255);
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(values)) * factor) + new Vector<float>(offset)).CopyTo(plane[x..]);
        }
        for (; x < row.Length; x++) plane[x] = ((byte)(row[x] >> shift) * factor) + offset;
    }

    // Half to even, as Python's round in torchvision's CenterCrop.
    private static int CropOffset(int size, int crop) => (int)Math.Round((size - crop) / 2.0, MidpointRounding.ToEven);
}
