using Microsoft.AspNetCore.Http;
using Unseen.Web.Inference;
using Unseen.Web.Monitoring;

namespace Unseen.Web.Http;

/// <summary>
/// Reads bodies into memory: never more than a request may send, and never more for all requests together than the budget. Bytes count when they
/// arrive, so that slow uploads of large declared lengths shut nobody out, and until they are given back, so that uploads that wait count as well.
/// </summary>
internal sealed class BodyReader(ServerOptions options, ServerMetrics metrics)
{
    private const int FirstBlock = 1 << 16;

    private readonly MemoryBudget memory = new(options.BodyMemory);

    /// <summary>Refuses by its declared length a body that is too large, before a byte of it is read.</summary>
    /// <exception cref="ProblemException">413.</exception>
    public void RequireLength(HttpRequest request)
    {
        if (request.ContentLength > options.MaximumBodyBytes) throw TooLarge();
    }

    /// <summary>Runs something that reads a body; meanwhile it is the client that is late.</summary>
    /// <exception cref="ProblemException">413 too large, 429 too many uploads at once, 408 too slow.</exception>
    public async Task<T> Receive<T>(HttpContext context, Func<Stream, CancellationToken, Task<T>> read)
    {
        RequireLength(context.Request);
        var deadline = RequestDeadline.Of(context);
        deadline.IsReading = true;
        var result = await read(RequestBody.Open(context), context.RequestAborted);
        deadline.IsReading = false;
        return result;
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="body">Body or part of one.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="cancellation">Ends with the request.</param>
    /// <exception cref="ProblemException">413: longer than a body may be; 429: too many uploads at once.</exception>
    public async Task<ReceivedFile> Read(Stream body, string name, CancellationToken cancellation)
    {
        var most = options.MaximumBodyBytes;
        var block = memory.Rent(BlockSize(0, most));
        try
        {
            var filled = 0;
            for (int read; (read = await body.ReadAsync(block.AsMemory(filled), cancellation)) > 0;)
            {
                filled += read;
                if (filled > most) throw TooLarge();
                if (filled == block.Length) block = Larger(block, most);
            }
            metrics.Received(filled);
            return new(name, block, filled, memory);
        }
        catch
        {
            memory.Return(block);
            throw;
        }
    }

    /// <summary>Size of the block after one that is full: twice as large, but no larger than what shows that a body is too long.</summary>
    internal static int BlockSize(int full, long most) => (int)Math.Min(Math.Max(FirstBlock, 2L * full), most + 1);

    private byte[] Larger(byte[] full, long most)
    {
        var larger = memory.Rent(BlockSize(full.Length, most));
        full.CopyTo(larger, 0);
        memory.Return(full);
        return larger;
    }

    private ProblemException TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {options.MaximumBodyBytes} bytes, which is the limit of this server.");
}
