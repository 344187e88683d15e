using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Unseen.Web.Inference;

namespace Unseen.Web.Http;

/// <summary>Reads a CSV table that a request sends.</summary>
internal sealed class TableBody(BodyReader bodies)
{
    /// <summary>What messages call the table.</summary>
    public const string Name = "body";

    private const int MaximumLines = 1000;      // the model answers nothing else while a table is read

    /// <summary>Reads the body. Only the media type of CSV is taken, which pages of other sites cannot send unasked.</summary>
    /// <exception cref="ProblemException">413 too large, 415 another type.</exception>
    public async Task<ReceivedFile> Read(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType, "Expected a table: Content-Type text/csv.");
        return await bodies.Receive(context, async (body, cancellation) =>
        {
            var table = await bodies.Read(body, Name, cancellation);
            var lines = table.Bytes.Count((byte)'\n');
            if (lines <= MaximumLines) return table;
            table.Dispose();
            throw new ProblemException(StatusCodes.Status413PayloadTooLarge,
                $"A table has at most {MaximumLines} lines, found {lines}. Send it in parts, or use 'unseen classes RUN import'.");
        });
    }
}
