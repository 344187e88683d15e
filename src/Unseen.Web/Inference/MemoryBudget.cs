using System.Buffers;
using Unseen.Web.Http;

namespace Unseen.Web.Inference;

/// <summary>Memory for what all requests together have sent, from its arrival until nobody needs it any more. Blocks are used again.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long used;

    /// <summary>A block of at least so many bytes.</summary>
    /// <exception cref="ProblemException">429: it is more than is left.</exception>
    public byte[] Rent(int bytes)
    {
        var block = ArrayPool<byte>.Shared.Rent(bytes);
        if (Interlocked.Add(ref used, block.Length) <= limit) return block;
        Return(block);
        throw ProblemException.Busy("Too many uploads at once. Try again in a moment.");
    }

    /// <summary>Gives a block back.</summary>
    public void Return(byte[] block)
    {
        Interlocked.Add(ref used, -block.Length);
        ArrayPool<byte>.Shared.Return(block);
    }
}
