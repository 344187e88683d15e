using System.Buffers;
using Microsoft.AspNetCore.Http;
using Unseen.Web.Inference;
using Unseen.Web.Monitoring;

namespace Unseen.Web.Http;

/// <summary>
/// Reads bodies into memory: never more than a request may send, and never more for all requests together than the budget, however many slow
/// uploads there are.
/// </summary>
internal sealed class BodyReader(ServerOptions options, ServerMetrics metrics)
{
    private const long LeastBudget = 256L << 20;
    private const int BodiesInMemory = 16;
    private const int FirstBlock = 1 << 16;

    private readonly long budget = Math.Max(LeastBudget, BodiesInMemory * options.MaximumBodyBytes);
    private long used;

    /// <summary>Refuses by its declared length a body that is too large, before a byte of it is read.</summary>
    /// <exception cref="ProblemException">413.</exception>
    public void RequireLength(HttpRequest request)
    {
        if (request.ContentLength > options.MaximumBodyBytes) throw TooLarge();
    }

    /// <summary>Runs something that reads a body, which counts against the budget meanwhile.</summary>
    /// <exception cref="ProblemException">413 too large, 429 too many uploads at once, 408 too slow.</exception>
    public async Task<T> WithinBudget<T>(HttpContext context, Func<CancellationToken, Task<T>> read)
    {
        RequireLength(context.Request);
        var bytes = context.Request.ContentLength ?? options.MaximumBodyBytes;
        if (Interlocked.Add(ref used, bytes) > budget)
        {
            Interlocked.Add(ref used, -bytes);
            throw ProblemException.Busy("Too many uploads at once. Try again in a moment.");
        }
        var deadline = RequestDeadline.Of(context);
        try
        {
            deadline.IsReading = true;
            var result = await read(context.RequestAborted);
            deadline.IsReading = false;
            return result;
        }
        finally { Interlocked.Add(ref used, -bytes); }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="body">Body or part of one.</param>
    /// <param name="length">Length when it is known.</param>
    /// <param name="name">Name of the picture.</param>
    /// <param name="cancellation">Ends with the request.</param>
    /// <exception cref="ProblemException">413: longer than a body may be.</exception>
    public async Task<EncodedPicture> Read(Stream body, long? length, string name, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length + 1 ?? FirstBlock, options.MaximumBodyBytes + 1));
        try
        {
            var filled = 0;
            for (int read; (read = await body.ReadAsync(buffer.AsMemory(filled), cancellation)) > 0;)
            {
                filled += read;
                if (filled > options.MaximumBodyBytes) throw TooLarge();
                if (filled == buffer.Length) buffer = Grow(buffer, filled);
            }
            metrics.Received(filled);
            return new(name, buffer, filled);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] buffer, int filled)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * filled);
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private ProblemException TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {options.MaximumBodyBytes} bytes, which is the limit of this server.");
}
