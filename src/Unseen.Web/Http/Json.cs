using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Unseen.Web.Http;

/// <summary>JSON of the server: camelCase keys, enumerations as words, unknown keys refused.</summary>
internal static class Json
{
    /// <summary>The one set of options.</summary>
    public static readonly JsonSerializerOptions Options = Configure(new(JsonSerializerDefaults.Web));

    /// <summary>
    /// An answer with its length: what does not go out whole within the time of the request is seen to be cut, where an answer in chunks would end as if it
    /// were complete.
    /// </summary>
    public static IResult Answer<T>(T value, int status = StatusCodes.Status200OK) => new JsonAnswer(JsonSerializer.SerializeToUtf8Bytes(value, Options), status);

    /// <summary>Sets options; the framework has a set of its own.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 16;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;      // the answers are never put into HTML as they are
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return options;
    }
}

/// <summary>Encoded JSON as the answer.</summary>
internal sealed class JsonAnswer(byte[] utf8, int status) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestAborted.ThrowIfCancellationRequested();
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = utf8.Length;
        await httpContext.Response.Body.WriteAsync(utf8, httpContext.RequestAborted);
    }
}
