using System.Numerics.Tensors;
using Unseen.Features;

namespace Unseen.Explanation;

/// <summary>A picture as a backbone sees it: resized, cropped, without its normalisation.</summary>
/// <param name="Words">One number per pixel [height, width]: red in the lowest byte, then green, blue and an opaque alpha.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
internal sealed record PictureView(uint[] Words, int Height, int Width)
{
    /// <summary>Takes the normalisation back from an input of a backbone.</summary>
    /// <param name="input">Input [3, height, width].</param>
    /// <param name="options">How it was made.</param>
    public static PictureView Of(ReadOnlySpan<float> input, PreprocessingOptions options)
    {
        var plane = options.Height * options.Width;
        var words = new uint[plane];
        Array.Fill(words, 0xFF000000);
        var (values, bytes) = (new float[plane], new byte[plane]);
        for (var channel = 0; channel < 3; channel++)
        {
            var (factor, offset) = (options.StandardDeviation[channel] / options.Scale, options.Mean[channel] / options.Scale);
            TensorPrimitives.Multiply(input.Slice(channel * plane, plane), (float)factor, values);
            TensorPrimitives.Add(values, (float)offset, values);
            TensorPrimitives.Round<float>(values, values);
            TensorPrimitives.ConvertSaturating<float, byte>(values, bytes);
            var shift = options.ChannelOrder == ChannelOrder.Rgb ? 8 * channel : 16 - (8 * channel);
            for (var pixel = 0; pixel < bytes.Length; pixel++) words[pixel] |= (uint)bytes[pixel] << shift;
        }
        return new(words, options.Height, options.Width);
    }
}
