using System.Collections.Concurrent;

namespace Unseen.Features;

/// <summary>
/// Resizes pictures with antialiasing, bit-equal to Pillow: first across, then down, 22-bit weights, rounded to 8 bits after each pass.
/// </summary>
public static class PillowResampler
{
    private const int KeptKernels = 64;
    private static readonly ConcurrentDictionary<(int Inputs, int Outputs, Interpolation Filter), ResampleKernel> Kernels = new();

    /// <summary>Resizes a picture.</summary>
    /// <param name="image">Picture; stays the caller's.</param>
    /// <param name="height">New height in pixels, at least 1.</param>
    /// <param name="width">New width in pixels, at least 1.</param>
    /// <param name="interpolation">Filter.</param>
    /// <returns>A new picture, the caller's to dispose.</returns>
    public static DecodedImage Resize(DecodedImage image, int height, int width, Interpolation interpolation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (width == image.Width) return Down(image, height, interpolation);
        var across = Across(image, width, interpolation);
        if (height == image.Height) return across;
        using (across) return Down(across, height, interpolation);
    }

    private static ResampleKernel Kernel(int inputs, int outputs, Interpolation interpolation)
    {
        if (Kernels.TryGetValue((inputs, outputs, interpolation), out var known)) return known;
        if (Kernels.Count >= KeptKernels) Kernels.Clear(); // pictures of ever new sizes must not fill the memory
        return Kernels[(inputs, outputs, interpolation)] = ResampleKernel.Create(inputs, outputs, interpolation);
    }

    private static DecodedImage Across(DecodedImage image, int width, Interpolation interpolation)
    {
        var kernel = Kernel(image.Width, width, interpolation);
        var result = new DecodedImage(image.Height, width);
        if (PairedTaps.IsSupported) PairedTaps.Across(image, result, kernel);
        else SingleTaps.Across(image, result, kernel);
        return result;
    }

    private static DecodedImage Down(DecodedImage image, int height, Interpolation interpolation)
    {
        var result = new DecodedImage(height, image.Width);
        if (height == image.Height)
        {
            image.Pixels.CopyTo(result.Writable);
            return result;
        }
        var kernel = Kernel(image.Height, height, interpolation);
        if (PairedTaps.IsSupported) PairedTaps.Down(image, result, kernel);
        else SingleTaps.Down(image, result, kernel);
        return result;
    }
}
