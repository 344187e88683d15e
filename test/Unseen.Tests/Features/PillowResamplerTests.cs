using CsCheck;
using Unseen.Features;
using Xunit;

namespace Unseen.Tests.Features;

public class PillowResamplerTests
{
    [Theory]
    [InlineData(16, 16)]
    [InlineData(37, 10)]
    [InlineData(12, 29)]
    [InlineData(61, 83)]
    [InlineData(1, 1)]
    [InlineData(5, 64)]
    public void ResizesBitEqualToPillow(int width, int height)
    {
        foreach (var interpolation in Enum.GetValues<Interpolation>())
        {
            using var source = ImageDecoder.DecodeFile(GoldenPictures.PathOf("resize.png"));
            using var resized = PillowResampler.Resize(source, height, width, interpolation);

            Assert.Equal((height, width), (resized.Height, resized.Width));
            var filter = interpolation == Interpolation.Bilinear ? "bilinear" : "bicubic";
            Assert.Equal(GoldenPictures.Rgb($"resize-{filter}-{width}x{height}.expected.png"), GoldenPictures.Rgb(resized));
        }
    }

    [Fact]
    public void TheSameSizeIsACopy()
    {
        using var source = ImageDecoder.DecodeFile(GoldenPictures.PathOf("resize.png"));
        using var copy = PillowResampler.Resize(source, source.Height, source.Width, Interpolation.Bicubic);
        Assert.Equal(source.Pixels.ToArray(), copy.Pixels.ToArray());
    }

    [Fact]
    public void HalvingARowByHand()
    {
        // Bilinear from 4 to 2 pixels: support 2 around centres 1 and 3; of the weights 3/8, 3/8, 1/8, 1/8 the last lies outside.
        // The others are normalised: 3/7, 3/7, 1/7.
        using var source = Row(70, 140, 210, 35);
        using var resized = PillowResampler.Resize(source, 1, 2, Interpolation.Bilinear);
        Assert.Equal([(byte)120, (byte)125], [resized.Pixels[0], resized.Pixels[4]]);
    }

    [Fact]
    public void AFlatPictureStaysFlat() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Byte)
            .Sample((height, width, newHeight, newWidth, value) =>
        {
            using var flat = new DecodedImage(height, width);
            flat.Writable.Fill(value);
            foreach (var interpolation in Enum.GetValues<Interpolation>())
            {
                using var resized = PillowResampler.Resize(flat, newHeight, newWidth, interpolation);
                Assert.True(resized.Pixels.IndexOfAnyExcept(value) < 0);
            }
        }, iter: 200);

    [Fact]
    public void MirroredInputGivesMirroredOutput() =>
        Gen.Select(Gen.Byte.Array[1, 30], Gen.Int[1, 30]).Sample((values, width) =>
        {
            using var source = Row(values);
            using var mirrored = Row([.. values.Reverse()]);
            using var a = PillowResampler.Resize(source, 1, width, Interpolation.Bilinear);
            using var b = PillowResampler.Resize(mirrored, 1, width, Interpolation.Bilinear);
            for (var x = 0; x < width; x++) Assert.InRange(a.Pixels[4 * x] - b.Pixels[4 * (width - 1 - x)], -1, 1);
        }, iter: 200);

    /// <summary>The resampler reads without checks what a kernel names.</summary>
    [Fact]
    public void EveryWeightStandsInsideThePicture() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 300]).Sample((inputs, outputs) =>
        {
            foreach (var interpolation in Enum.GetValues<Interpolation>())
            {
                var kernel = ResampleKernel.Create(inputs, outputs, interpolation);
                Assert.Equal(outputs * kernel.Taps, kernel.Weights.Length);
                Assert.True(kernel.Taps % 4 == 0 || kernel.Taps == inputs);
                Assert.Equal(outputs * ((kernel.Taps + 3) / 4 * 2), kernel.Pairs.Length);
                Assert.All(kernel.First, first => Assert.InRange(first, 0, inputs - kernel.Taps));
            }
        }, iter: 200);

    /// <summary>The two forms of the passes, on noise of full contrast, where cubic weights overshoot.</summary>
    [Fact]
    public void WeightsByTwoGiveTheSameBytesAsOneByOne()
    {
        if (!PairedTaps.IsSupported) Assert.Skip("needs a processor with AVX2");
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 60], Gen.Int[0, int.MaxValue]).Sample((height, width, size, seed) =>
        {
            using var noise = Noise(height, width, seed);
            foreach (var interpolation in Enum.GetValues<Interpolation>())
            {
                var (across, down) = (ResampleKernel.Create(width, size, interpolation), ResampleKernel.Create(height, size, interpolation));
                SameBytes(height, size, result => PairedTaps.Across(noise, result, across), result => SingleTaps.Across(noise, result, across));
                SameBytes(size, width, result => PairedTaps.Down(noise, result, down), result => SingleTaps.Down(noise, result, down));
            }
        }, iter: 300);
    }

    /// <summary>So many weights that the sum of their lower parts passes 2^31.</summary>
    [Fact]
    public void ALongWhiteLineStaysWhite()
    {
        foreach (var interpolation in Enum.GetValues<Interpolation>())
            foreach (var (height, width) in new[] { (1, 20_000), (20_000, 1), (20_000, 9) })
            {
                using var white = new DecodedImage(height, width);
                white.Writable.Fill(byte.MaxValue);
                using var pixel = PillowResampler.Resize(white, 1, height == 1 ? 1 : width, interpolation);
                Assert.True(pixel.Pixels.IndexOfAnyExcept(byte.MaxValue) < 0);
            }
    }

    [Fact]
    public void SizesMustBePositive()
    {
        using var source = Row(1, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => PillowResampler.Resize(source, 0, 1, Interpolation.Bilinear));
        Assert.Throws<ArgumentOutOfRangeException>(() => PillowResampler.Resize(source, 1, 0, Interpolation.Bilinear));
    }

    private static void SameBytes(int height, int width, Action<DecodedImage> pass, Action<DecodedImage> other)
    {
        using DecodedImage result = new(height, width), expected = new(height, width);
        pass(result);
        other(expected);
        Assert.Equal(expected.Pixels.ToArray(), result.Pixels.ToArray());
    }

    private static DecodedImage Noise(int height, int width, int seed)
    {
        var (random, noise) = (new Random(seed), new DecodedImage(height, width));
        random.NextBytes(noise.Writable);
        if (seed % 2 == 0)
            foreach (ref var value in noise.Writable) value = value < 128 ? byte.MinValue : byte.MaxValue;
        return noise;
    }

    private static DecodedImage Row(params byte[] values)
    {
        var row = new DecodedImage(1, values.Length);
        for (var x = 0; x < values.Length; x++) row.Writable.Slice(4 * x, 4).Fill(values[x]);
        return row;
    }
}
