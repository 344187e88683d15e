using System.Buffers;
using System.Runtime.InteropServices;

namespace Unseen.Features;

/// <summary>A picture in memory: 8-bit red, green, blue and alpha bytes, row by row without padding. Dispose returns the memory.</summary>
public sealed class DecodedImage : IDisposable
{
    private byte[]? buffer;

    internal DecodedImage(int height, int width)
    {
        (Height, Width) = (height, width);
        buffer = ArrayPool<byte>.Shared.Rent(checked(height * width * 4));
    }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Four bytes per pixel [height, width, 4]: red, green, blue, alpha (not premultiplied).</summary>
    public ReadOnlySpan<byte> Pixels => Writable;

    internal Span<byte> Writable =>
        (buffer ?? throw new ObjectDisposedException(nameof(DecodedImage))).AsSpan(0, Height * Width * 4);

    /// <summary>One number per pixel [height, width]: red in the lowest byte.</summary>
    internal Span<uint> Words => MemoryMarshal.Cast<byte, uint>(Writable);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (buffer is null) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }
}
