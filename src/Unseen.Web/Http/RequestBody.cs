using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Unseen.Web.Http;

/// <summary>
/// The body of a request, read for the first time. A read that comes to nothing is taken back: one that ends by its token alone leaves Kestrel with a body that
/// is being read, which it reports as an error when it wants to skip the rest.
/// </summary>
internal sealed class RequestBody : Stream
{
    private readonly PipeReader reader;

    private RequestBody(PipeReader reader) => this.reader = reader;

    /// <summary>Bytes that were read until now.</summary>
    public long Received { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The body of a request, to be read.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The body is the server's.")]
    public static RequestBody Open(HttpContext context)
    {
        var body = new RequestBody(context.Request.BodyReader);
        context.Features.Set(body);
        return body;
    }

    /// <summary>Bytes of a request's body that were read; 0 when nobody wanted it.</summary>
    public static long ReceivedOf(HttpContext context) => context.Features.Get<RequestBody>()?.Received ?? 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var arrived = await Arrived(cancellationToken);
            var count = arrived.IsCanceled ? 0 : (int)Math.Min(buffer.Length, arrived.Buffer.Length);
            var taken = arrived.Buffer.Slice(0, count);
            taken.CopyTo(buffer.Span);
            reader.AdvanceTo(taken.End);        // the bytes behind it may be used again from here on
            if (arrived.IsCanceled) throw new OperationCanceledException(cancellationToken);
            Received += count;
            if (count > 0 || arrived.IsCompleted) return count;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    private async ValueTask<ReadResult> Arrived(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await using (cancellation.Register(reader.CancelPendingRead)) return await reader.ReadAsync(CancellationToken.None);
    }
}
