using System.Buffers;

namespace Unseen.Web.Inference;

/// <summary>Bytes of an uploaded picture, in memory that is used again. Whoever holds it last gives it back.</summary>
internal sealed class EncodedPicture(string name, byte[] buffer, int length) : IDisposable
{
    private byte[]? buffer = buffer;

    /// <summary>File name as it was sent.</summary>
    public string Name { get; } = name;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => (buffer ?? throw new ObjectDisposedException(nameof(EncodedPicture))).AsSpan(0, length);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } rented) ArrayPool<byte>.Shared.Return(rented);
    }
}
