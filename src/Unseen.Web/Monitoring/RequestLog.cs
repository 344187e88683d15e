using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Unseen.Web.Http;

namespace Unseen.Web.Monitoring;

/// <summary>A line and a count per request. Queries and headers, which may hold secrets, are not logged.</summary>
internal sealed partial class RequestLog(ILogger<RequestLog> log, ServerMetrics metrics)
{
    private const int MaximumPath = 200;
    private const int ClientClosedRequest = 499;

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task Watch(HttpContext context, RequestDelegate next)
    {
        var start = Stopwatch.GetTimestamp();
        try { await next(context); }
        finally { Count(context, Stopwatch.GetElapsedTime(start)); }
    }

    private void Count(HttpContext context, TimeSpan time)
    {
        var request = context.Request;
        var status = RequestDeadline.Of(context).IsUnanswered ? ClientClosedRequest : context.Response.StatusCode;
        // Routes and known methods only: whoever calls at random must not make ever more series.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? (status < 400 ? "page" : "none");
        metrics.Request(route, HttpMethods.GetCanonicalizedValue(request.Method) is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" ? request.Method.ToUpperInvariant() : "other", status, time);
        if (log.IsEnabled(LogLevel.Information))
            LogRequest(request.Method, Shown(request.Path), status, Math.Round(time.TotalMilliseconds, 1), RequestBody.ReceivedOf(context), context.TraceIdentifier);
    }

    private static string Shown(string? path) =>
        string.Concat((path ?? "").Take(MaximumPath).Select(c => char.IsControl(c) ? '?' : c));

    [LoggerMessage(10, LogLevel.Information, "{Method} {Path} {Status} {Milliseconds} ms {Bytes} bytes {RequestId}")]
    private partial void LogRequest(string method, string path, int status, double milliseconds, long bytes, string requestId);
}
