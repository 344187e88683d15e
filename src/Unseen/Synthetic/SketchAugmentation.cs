using TorchSharp;
using static TorchSharp.torch;

namespace Unseen.Synthetic;

/// <summary>Training pictures, changed a little at each visit: mirrored, shifted, in another light.</summary>
internal static class SketchAugmentation
{
    /// <summary>Makes network inputs of a batch.</summary>
    /// <param name="pixels">[batch, 3, height, width], bytes.</param>
    /// <param name="random">Source of the changes.</param>
    /// <returns>[batch, 3, height, width], floats around 0.</returns>
    public static Tensor Apply(Tensor pixels, SketchRandom random)
    {
        using var scope = NewDisposeScope();
        var (batch, size) = ((int)pixels.shape[0], pixels.shape[3]);
        var input = SketchBackbone.Normalised(pixels);
        var mirrored = tensor([.. Enumerable.Range(0, batch).Select(_ => random.Chance(0.5))], [batch, 1, 1, 1]);
        input = where(mirrored, input.flip(3), input);                                     // [batch, 3, height, width]
        input = input * Factors(batch, 0.15, random) + Factors(batch, 0.15, random) - 1;   // contrast and light per plane
        input = Shifted(input, size, random);
        return input.MoveToOuterDisposeScope();
    }

    /// <summary>The whole batch moves by the same few pixels: one slice instead of one per picture.</summary>
    private static Tensor Shifted(Tensor input, long size, SketchRandom random)
    {
        const int Most = 6;
        var padded = nn.functional.pad(input, [Most, Most, Most, Most], PaddingModes.Replicate);
        return padded.narrow(2, random.Below(2 * Most + 1), size).narrow(3, random.Below(2 * Most + 1), size);
    }

    private static Tensor Factors(int batch, double range, SketchRandom random) =>
        tensor([.. Enumerable.Range(0, 3 * batch).Select(_ => 1 + random.Around(range))], [batch, 3, 1, 1]);
}
