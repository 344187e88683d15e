using System.Buffers.Binary;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>
/// The frozen blocks of a vision encoder. What they make of a picture is always the same, so it is remembered, up to a limit of memory, for the
/// epochs to come. A picture is known by a hash of its pixels and goes through alone: the result does not depend on its neighbours in the batch.
/// </summary>
internal sealed class FrozenBlocks : IDisposable
{
    /// <summary>Bytes of memory for results: 1 GiB, 34,000 pictures before the last three blocks of MobileNetV2, 1765 within DeiT-base.</summary>
    public const long DefaultMemory = 1L << 30;

    private readonly Func<Tensor, Tensor> compute;
    private readonly Dictionary<UInt128, Tensor> remembered = [];
    private long free;

    /// <param name="compute">The blocks: [1, 3, height, width] to [1, ...], without randomness.</param>
    /// <param name="memory">Bytes of results to remember; 0 remembers none.</param>
    public FrozenBlocks(Func<Tensor, Tensor> compute, long memory = DefaultMemory) => (this.compute, free) = (compute, memory);

    /// <summary>The results of a batch, without gradients, in the dispose scope of the caller.</summary>
    /// <param name="pixels">[batch, 3, height, width].</param>
    /// <returns>[batch, ...].</returns>
    public Tensor Of(Tensor pixels)
    {
        using var constants = no_grad();
        using var scope = NewDisposeScope();
        var keys = Keys(pixels);
        return cat([.. keys.Select((key, i) => Of(key, pixels, i))], 0).MoveToOuterDisposeScope();
    }

    private Tensor Of(UInt128 key, Tensor pixels, int row)
    {
        if (remembered.TryGetValue(key, out var known)) return known;
        var result = compute(pixels.narrow(0, row, 1));
        var size = result.numel() * result.element_size();
        if (size > free) return result;
        free -= size;
        remembered.Add(key, result.DetachFromDisposeScope());
        return result;
    }

    private static UInt128[] Keys(Tensor pixels)
    {
        var bytes = pixels.cpu().contiguous().bytes;
        var length = bytes.Length / (int)pixels.shape[0];
        var keys = new UInt128[pixels.shape[0]];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < keys.Length; i++)
        {
            SHA256.HashData(bytes.Slice(i * length, length), hash);
            keys[i] = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        }
        return keys;
    }

    public void Dispose()
    {
        foreach (var result in remembered.Values) result.Dispose();
    }
}
