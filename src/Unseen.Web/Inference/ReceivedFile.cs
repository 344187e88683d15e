namespace Unseen.Web.Inference;

/// <summary>Bytes that a request has sent, in memory of the budget. Whoever holds it last gives it back.</summary>
internal sealed class ReceivedFile(string name, byte[] block, int length, MemoryBudget memory) : IDisposable
{
    private byte[]? block = block;

    /// <summary>File name as it was sent.</summary>
    public string Name { get; } = name;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => Block.AsSpan(0, length);

    private byte[] Block => block ?? throw new ObjectDisposedException(nameof(ReceivedFile));

    /// <summary>The bytes as a stream, which must not be read any more once they were given back.</summary>
    public Stream Open() => new MemoryStream(Block, 0, length, writable: false);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref block, null) is { } rented) memory.Return(rented);
    }
}
