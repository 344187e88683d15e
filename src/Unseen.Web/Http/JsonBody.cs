using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Unseen.Web.Http;

/// <summary>Reads JSON that a request sends.</summary>
internal sealed class JsonBody(BodyReader bodies)
{
    private const int MaximumBytes = 1 << 20;

    /// <summary>Reads the body. Only the media type of JSON is taken, which pages of other sites cannot send unasked.</summary>
    /// <exception cref="ProblemException">400 wrong JSON, 413 too large, 415 another type.</exception>
    public async Task<T> Read<T>(HttpContext context) where T : class
    {
        if (!context.Request.HasJsonContentType())
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType, "Expected JSON: Content-Type application/json.");
        if (context.Request.ContentLength > MaximumBytes) throw TooLarge();
        return await bodies.Receive(context, async (body, cancellation) =>
        {
            using var text = await bodies.Read(body, "json", cancellation);
            return text.Bytes.Length > MaximumBytes ? throw TooLarge() : Parse<T>(text.Bytes);
        });
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="ProblemException">400: wrong JSON.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8, Json.Options) ?? throw new ProblemException(StatusCodes.Status400BadRequest, "The JSON is null.");
        }
        catch (JsonException e)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, $"The JSON cannot be used: {Shown(e)}");
        }
    }

    /// <summary>Without the names of this program's own types.</summary>
    private static string Shown(JsonException e) => e.Message.Contains("could not be mapped", StringComparison.Ordinal)
        ? $"{e.Message.Split(" could not be mapped", 2)[0]} is not known."
        : System.Text.RegularExpressions.Regex.Replace(e.Message, @"The JSON value could not be converted to \S+\.", "The value has the wrong type.")
            .Replace("Unseen.Web.Http.", "", StringComparison.Ordinal);

    private static ProblemException TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, $"JSON has at most {MaximumBytes} bytes.");
}
