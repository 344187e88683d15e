using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>Changes normalised pictures at random; random numbers come from torch's global generator.</summary>
internal static class PictureAugmentation
{
    /// <summary>Margin on each side, as a part of the side.</summary>
    private const int Margin = 8;

    /// <summary>
    /// Mirrors each picture with probability 1/2, adds a margin of mean colour (0 after normalisation) and cuts out a picture of the old size
    /// at a random place.
    /// </summary>
    /// <param name="pixels">[batch, 3, height, width].</param>
    /// <returns>[batch, 3, height, width], in the dispose scope of the caller.</returns>
    public static Tensor FlipAndCrop(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var (batch, height, width) = (pixels.shape[0], pixels.shape[2], pixels.shape[3]);
        var (down, right) = (height / Margin, width / Margin);
        var mirrored = where(rand(batch, 1, 1, 1).lt(0.5), pixels.flip(3), pixels);
        var wide = nn.functional.pad(mirrored, [right, right, down, down]);
        var (tops, lefts) = (Places(down, batch), Places(right, batch));
        var cut = Enumerable.Range(0, (int)batch).Select(i => wide[i].narrow(1, tops[i], height).narrow(2, lefts[i], width)).ToList();
        return stack(cut).MoveToOuterDisposeScope();
    }

    private static long[] Places(long margin, long batch) => randint(2 * margin + 1, [batch], int64).data<long>().ToArray();
}
