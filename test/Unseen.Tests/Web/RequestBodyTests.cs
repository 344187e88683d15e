using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Unseen.Web.Http;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>The body of a request as a stream.</summary>
public sealed class RequestBodyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Over many blocks, in parts as they come.</summary>
    [Fact]
    public async Task A_body_is_read_whole_and_its_bytes_are_counted()
    {
        var sent = new byte[200_000];
        new Random(5).NextBytes(sent);
        var bytes = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new PipedBody(bytes.Reader));
        Assert.Equal(0, RequestBody.ReceivedOf(context));
        await using var body = RequestBody.Open(context);
        using var whole = new MemoryStream();
        var reading = body.CopyToAsync(whole, 1000, Cancellation);
        foreach (var part in sent.Chunk(33_333)) await bytes.Writer.WriteAsync(part, Cancellation);
        await bytes.Writer.CompleteAsync();
        await reading;
        Assert.Equal(sent, whole.ToArray());
        Assert.Equal(sent.Length, RequestBody.ReceivedOf(context));
    }

    /// <summary>Whoever reads after it, as Kestrel does with the rest of a body, finds everything in order.</summary>
    [Fact]
    public async Task A_read_that_is_given_up_leaves_the_body_to_be_read()
    {
        var bytes = new Pipe();
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new PipedBody(new OneReadAtATime(bytes.Reader)));
        await using var body = RequestBody.Open(context);
        using var end = new CancellationTokenSource();
        var reading = body.ReadAsync(new byte[10], end.Token).AsTask();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body.ReadAsync(new byte[10], end.Token).AsTask());
        await bytes.Writer.WriteAsync(new byte[3], Cancellation);
        Assert.Equal(3, await body.ReadAsync(new byte[10], Cancellation));
    }

    private sealed record PipedBody(PipeReader Reader) : IRequestBodyPipeFeature;

    /// <summary>Holds on to a read as Kestrel does: until its bytes are taken, also when its token ends it.</summary>
    private sealed class OneReadAtATime(PipeReader inner) : PipeReader
    {
        private bool isReading;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            Assert.False(isReading, "Reading is already in progress.");
            isReading = true;
            return await inner.ReadAsync(cancellationToken);
        }

        public override void AdvanceTo(SequencePosition consumed)
        {
            isReading = false;
            inner.AdvanceTo(consumed);
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => throw new NotSupportedException();

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
