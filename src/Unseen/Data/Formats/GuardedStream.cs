using System.Runtime.CompilerServices;

namespace Unseen.Data.Formats;

/// <summary>
/// A file for a parser that trusts it. A read throws when it begins at or beyond the end (a parser that takes missing bytes for zeros
/// would follow a damaged length for minutes), when the parser has called itself until the stack is nearly full (a link that leads to
/// itself), and when the reads allowed are used up (links that double the work of one another).
/// </summary>
internal sealed class GuardedStream(FileStream inner) : Stream
{
    /// <summary>Reads that are still allowed; null for any number.</summary>
    public long? ReadsLeft { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (ReadsLeft-- <= 0)
            throw new InvalidDataException("Its links lead to one another more often than any sound file's.");
        var read = inner.Read(buffer);
        return read > 0 || buffer.IsEmpty
            ? read
            : throw new EndOfStreamException($"A read at byte {inner.Position} lies beyond the end of the file, {inner.Length} bytes.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
