using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Unseen.Features;

namespace Unseen.Web.Http;

/// <summary>A problem as RFC 9457 writes it.</summary>
/// <param name="Type">Always about:blank: the status says what kind it is.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Instance">Identifier of the request, as in the log.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Instance);

/// <summary>Turns whatever goes wrong into a problem, so that every error looks the same and none ends the server.</summary>
internal sealed partial class Problems(ILogger<Problems> log)
{
    private const int MostErrors = 50;
    private const int NoSpaceLeft = 28, FileTooLarge = 27, QuotaExceeded = 122, DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
                await Write(context, new(context.Response.StatusCode, Plain(context.Response.StatusCode)));
        }
        catch (Exception e)
        {
            var deadline = RequestDeadline.Of(context);
            var isGone = e is OperationCanceledException or IOException && deadline.IsClientGone;
            deadline.IsUnanswered = isGone || context.Response.HasStarted;
            if (context.Response.HasStarted) context.Abort();
            else if (!isGone) await Write(context, Describe(context, e));
        }
    }

    private ProblemException Describe(HttpContext context, Exception e)
    {
        if (e is ProblemException problem) return problem;
        var found = e switch
        {
            BadHttpRequestException bad => new ProblemException(bad.StatusCode, bad.StatusCode == StatusCodes.Status408RequestTimeout
                ? "The body came too slowly." : Plain(bad.Message)),
            UnreadableImageException => new(StatusCodes.Status422UnprocessableEntity, e.Message),
            DatasetFormatException or CheckpointMismatchException or ShapeException => null,
            ConfigurationException { Errors.Count: > MostErrors } wrong => new(StatusCodes.Status400BadRequest,
                string.Join('\n', [.. wrong.Errors.Take(MostErrors), $"And {wrong.Errors.Count - MostErrors} problems more."])),
            UnseenException => new(StatusCodes.Status400BadRequest, e.Message),
            OperationCanceledException => RequestDeadline.Of(context).Problem,
            IOException { HResult: NoSpaceLeft or FileTooLarge or QuotaExceeded or DiskFullOnWindows } =>
                new(StatusCodes.Status507InsufficientStorage, "The change could not be saved: the disk is full. Nothing was changed."),
            IOException or UnauthorizedAccessException =>
                new(StatusCodes.Status500InternalServerError, "A file of the model could not be read or written; the log of the server says which."),
            _ => null,
        };
        if (found is null or { Status: >= 500 and not 503 }) LogFailure(e, context.Request.Method, context.Request.Path, context.TraceIdentifier);
        return found ?? new(StatusCodes.Status500InternalServerError, "Unexpected error. The log of the server has it under the identifier in 'instance'.");
    }

    private static Task Write(HttpContext context, ProblemException problem)
    {
        context.Response.StatusCode = problem.Status;
        // The rest of such a body is not read, so the connection ends; a client must not send its next request there.
        if (problem.Status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status408RequestTimeout) context.Response.Headers.Connection = "close";
        if (problem.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = $"{seconds}";
        var body = new Problem("about:blank", ReasonPhrases.GetReasonPhrase(problem.Status), problem.Status, problem.Message, context.TraceIdentifier);
        // The request may be over its time; the answer still has to go out.
        return context.Response.WriteAsJsonAsync(body, Json.Options, "application/problem+json", CancellationToken.None);
    }

    /// <summary>A value of the address of the wrong type, without the names of this program's own types.</summary>
    private static string Plain(string message) => Unbound().Match(message) is { Success: true } found
        ? $"'{found.Groups["name"]}' must be {(found.Groups["type"].ValueSpan.StartsWith("bool") ? "true or false" : "a whole number")}, found '{found.Groups["value"]}'."
        : message;

    [GeneratedRegex("^Failed to bind parameter \"(?<type>\\S+) (?<name>\\w+)\" from \"(?<value>.*)\"\\.$", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    private static string Plain(int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address. /openapi/v1.json lists what there is.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take this method. /openapi/v1.json lists what there is.",
        _ => ReasonPhrases.GetReasonPhrase(status),
    };

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed ({RequestId})")]
    private partial void LogFailure(Exception error, string method, string path, string requestId);
}
