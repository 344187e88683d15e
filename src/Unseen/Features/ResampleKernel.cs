namespace Unseen.Features;

/// <summary>Fixed-point filter weights for one axis: for each output pixel the first input pixel and a run of weights.</summary>
/// <remarks>The arithmetic is that of Pillow: weights in double, normalised, rounded half away from zero to 22 bits.</remarks>
internal sealed class ResampleKernel
{
    /// <summary>Bits after the binary point: 8 for the pixel, 22 for the weight, 2 spare for sign and overshoot.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>One half, for rounding.</summary>
    public const int Half = 1 << (PrecisionBits - 1);

    private readonly WeightPair[] pairs; // [outputs, pairs per output], filled up to whole groups of four weights

    private ResampleKernel(int outputs, int taps)
    {
        (Taps, First, Weights) = (taps, new int[outputs], new int[outputs * taps]);
        pairs = new WeightPair[outputs * PairsPerOutput];
    }

    /// <summary>Weights per output pixel: a multiple of four unless the picture is smaller, so that pixels can be taken by four.</summary>
    public int Taps { get; }

    /// <summary>First input pixel per output pixel; all of its <see cref="Taps"/> pixels are in the picture.</summary>
    public int[] First { get; }

    /// <summary>Weights [outputs, taps] times 2^22; where an output pixel has fewer, the others are 0, so that every loop over them is as long.</summary>
    public int[] Weights { get; }

    /// <summary>The weights of one output pixel.</summary>
    public ReadOnlySpan<int> WeightsOf(int output) => Weights.AsSpan(output * Taps, Taps);

    /// <summary>The weights of all output pixels by two.</summary>
    public ReadOnlySpan<WeightPair> Pairs => pairs;

    /// <summary>The weights of one output pixel by two, the last ones 0.</summary>
    public ReadOnlySpan<WeightPair> PairsOf(int output) => pairs.AsSpan(output * PairsPerOutput, PairsPerOutput);

    private int PairsPerOutput => (Taps + 3) / 4 * 2;

    /// <summary>Makes the weights that bring <paramref name="inputs"/> pixels to <paramref name="outputs"/>.</summary>
    public static ResampleKernel Create(int inputs, int outputs, Interpolation interpolation)
    {
        var scale = (double)inputs / outputs;
        var filterScale = Math.Max(scale, 1); // a filter wider than one pixel is what antialiases when shrinking
        var support = (interpolation == Interpolation.Bilinear ? 1 : 2) * filterScale;
        var longest = Enumerable.Range(0, outputs).Max(output => Run(output).Count);
        var kernel = new ResampleKernel(outputs, Math.Min((longest + 3) / 4 * 4, inputs));
        Span<double> weights = new double[longest];
        for (var output = 0; output < outputs; output++)
        {
            var (first, count) = Run(output);
            Fill(weights[..count], first, Center(output), 1 / filterScale, interpolation);
            kernel.Set(output, first, Math.Min(first, inputs - kernel.Taps), weights[..count]);
        }
        return kernel;

        double Center(int output) => (output + 0.5) * scale;

        (int First, int Count) Run(int output)
        {
            var first = Math.Max((int)(Center(output) - support + 0.5), 0);
            return (first, Math.Min((int)(Center(output) + support + 0.5), inputs) - first);
        }
    }

    private static void Fill(Span<double> weights, int first, double center, double step, Interpolation interpolation)
    {
        var sum = 0.0;
        for (var x = 0; x < weights.Length; x++)
        {
            var distance = (x + first - center + 0.5) * step;
            sum += weights[x] = interpolation == Interpolation.Bilinear ? Triangle(distance) : Cubic(distance);
        }
        if (sum == 0) return;
        foreach (ref var weight in weights) weight /= sum;
    }

    private void Set(int output, int first, int start, ReadOnlySpan<double> weights)
    {
        First[output] = start;
        var at = (output * Taps) + first - start;
        foreach (var weight in weights)
        {
            var fixedPoint = weight * (1 << PrecisionBits);
            Weights[at++] = (int)(fixedPoint < 0 ? fixedPoint - 0.5 : fixedPoint + 0.5);
        }
        var all = WeightsOf(output);
        for (var k = 0; k < all.Length; k += 2)
            pairs[(output * PairsPerOutput) + (k / 2)] = WeightPair.Of(all[k], k + 1 < all.Length ? all[k + 1] : 0);
    }

    private static double Triangle(double x) => Math.Max(1 - Math.Abs(x), 0);

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        return x < 2 ? ((((x - 5) * x) + 8) * x - 4) * a : 0;
    }
}
