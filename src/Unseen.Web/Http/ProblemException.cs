namespace Unseen.Web.Http;

/// <summary>A request that gets a problem instead of an answer.</summary>
/// <param name="status">HTTP status, 400 or more.</param>
/// <param name="detail">What is wrong and what to do, for people.</param>
internal sealed class ProblemException(int status, string detail) : Exception(detail)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Seconds after which it may be tried again, or null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The queue has no place.</summary>
    public static ProblemException Busy(string detail) => new(429, detail) { RetryAfter = 1 };
}
