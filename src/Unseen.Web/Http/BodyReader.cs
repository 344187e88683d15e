using System.Buffers;
using Microsoft.AspNetCore.Http;
using Unseen.Web.Inference;
using Unseen.Web.Monitoring;

namespace Unseen.Web.Http;

/// <summary>
/// Reads bodies into memory: never more than a request may send, and never more for all requests together than the budget. Bytes count when they
/// arrive, so that slow uploads of large declared lengths shut nobody out.
/// </summary>
internal sealed class BodyReader
{
    private const long LeastBudget = 256L << 20;
    private const int BodiesInMemory = 16;

    private readonly ServerOptions options;
    private readonly ServerMetrics metrics;
    private readonly long budget;
    private long used;

    public BodyReader(ServerOptions options, ServerMetrics metrics) =>
        (this.options, this.metrics, budget) = (options, metrics, Math.Max(LeastBudget, BodiesInMemory * options.MaximumBodyBytes));

    /// <summary>Refuses by its declared length a body that is too large, before a byte of it is read.</summary>
    /// <exception cref="ProblemException">413.</exception>
    public void RequireLength(HttpRequest request)
    {
        if (request.ContentLength > options.MaximumBodyBytes) throw TooLarge();
    }

    /// <summary>Runs something that reads a body; what it has read counts against the budget meanwhile.</summary>
    /// <exception cref="ProblemException">413 too large, 429 too many uploads at once, 408 too slow.</exception>
    public async Task<T> WithinBudget<T>(HttpContext context, Func<Reading, Task<T>> read)
    {
        RequireLength(context.Request);
        var deadline = RequestDeadline.Of(context);
        using var reading = new Reading(this, context.RequestAborted);
        deadline.IsReading = true;
        var result = await read(reading);
        deadline.IsReading = false;
        return result;
    }

    private ProblemException TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {options.MaximumBodyBytes} bytes, which is the limit of this server.");

    /// <summary>The reading of one request.</summary>
    internal sealed class Reading(BodyReader reader, CancellationToken cancellation) : IDisposable
    {
        private const int FirstBlock = 1 << 16;

        private long charged;

        /// <summary>Ends with the request.</summary>
        public CancellationToken Cancellation => cancellation;

        /// <summary>Reads a stream to its end.</summary>
        /// <param name="body">Body or part of one.</param>
        /// <param name="name">Name of the picture.</param>
        /// <exception cref="ProblemException">413: longer than a body may be; 429: too many uploads at once.</exception>
        public async Task<EncodedPicture> Read(Stream body, string name)
        {
            var most = reader.options.MaximumBodyBytes;
            var buffer = Rent((int)Math.Min(FirstBlock, most + 1));
            try
            {
                var filled = 0;
                for (int read; (read = await body.ReadAsync(buffer.AsMemory(filled), cancellation)) > 0;)
                {
                    filled += read;
                    if (filled > most) throw reader.TooLarge();
                    if (filled == buffer.Length) buffer = Grow(buffer, filled);
                }
                reader.metrics.Received(filled);
                return new(name, buffer, filled);
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(buffer);
                throw;
            }
        }

        public void Dispose() => Interlocked.Add(ref reader.used, -charged);

        private byte[] Grow(byte[] buffer, int filled)
        {
            var larger = Rent(2 * filled);
            buffer.AsSpan(0, filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            return larger;
        }

        /// <summary>A block of memory; blocks that were given back still count until the request is read, which is at most twice too much.</summary>
        private byte[] Rent(int bytes)
        {
            charged += bytes;
            if (Interlocked.Add(ref reader.used, bytes) > reader.budget) throw ProblemException.Busy("Too many uploads at once. Try again in a moment.");
            return ArrayPool<byte>.Shared.Rent(bytes);
        }
    }
}
