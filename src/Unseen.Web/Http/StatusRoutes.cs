using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Unseen.Web.Monitoring;

namespace Unseen.Web.Http;

/// <summary>Whether the server lives, whether it takes pictures, and its numbers.</summary>
internal sealed class StatusRoutes(ServerMetrics metrics, Func<string?> notReady)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", () => Json.Answer(new StatusAnswer("alive")))
            .Describe("Is it alive?", "200 as long as the process answers.").Produces<StatusAnswer>();
        routes.MapGet("/ready", () => notReady() is { } reason
            ? throw new ProblemException(StatusCodes.Status503ServiceUnavailable, reason) { RetryAfter = 1 }
            : Json.Answer(new StatusAnswer("ready")))
            .Describe("Does it take pictures?", "200 when the models are loaded and the queue has a place; 503 when it is full or the server is stopping.")
            .Produces<StatusAnswer>().Produces<Problem>(StatusCodes.Status503ServiceUnavailable, "application/problem+json");
        routes.MapGet("/metrics", () => Results.Text(metrics.Text.Write(), PrometheusText.ContentType))
            .Describe("Numbers for Prometheus", "Text format 0.0.4.").Produces<string>(contentType: "text/plain");
    }
}
