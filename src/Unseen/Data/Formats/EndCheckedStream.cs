namespace Unseen.Data.Formats;

/// <summary>
/// A file to read that throws when a read begins at or beyond its end, instead of returning nothing: a parser that takes missing bytes
/// for zeros would follow a damaged length for minutes.
/// </summary>
internal sealed class EndCheckedStream(FileStream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override int Read(Span<byte> buffer)
    {
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
