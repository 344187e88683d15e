using Microsoft.AspNetCore.Http;

namespace Unseen.Web.Http;

/// <summary>The time of a request. Its token, which takes the place of the request's own, ends when the client is gone or the time is over.</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly CancellationToken aborted;
    private readonly CancellationTokenSource linked;
    private readonly TimeSpan time;

    private RequestDeadline(HttpContext context, TimeSpan time)
    {
        (aborted, this.time) = (context.RequestAborted, time);
        linked = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        linked.CancelAfter(time);
        context.RequestAborted = linked.Token;
        context.Items[typeof(RequestDeadline)] = this;
    }

    /// <summary>True once the client has closed the connection.</summary>
    public bool IsClientGone => aborted.IsCancellationRequested;

    /// <summary>True while the body is being read: then it is the client that is late.</summary>
    public bool IsReading { get; set; }

    /// <summary>True when the client did not get its answer, or not to its end: mostly it was gone.</summary>
    public bool IsUnanswered { get; set; }

    /// <summary>The problem when the time is over.</summary>
    public ProblemException Problem => IsReading
        ? new(StatusCodes.Status408RequestTimeout, $"The body was not here within {time.TotalSeconds:0.###} seconds.")
        : new(StatusCodes.Status503ServiceUnavailable, $"The answer was not ready within {time.TotalSeconds:0.###} seconds.") { RetryAfter = 1 };

    /// <summary>Starts the clock of a request.</summary>
    public static RequestDeadline Start(HttpContext context, TimeSpan time) => new(context, time);

    /// <summary>The deadline of a request.</summary>
    public static RequestDeadline Of(HttpContext context) => (RequestDeadline)context.Items[typeof(RequestDeadline)]!;

    public void Dispose() => linked.Dispose();
}
