using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Unseen.Web.Monitoring;

namespace Unseen.Web.Http;

/// <summary>Whether the server lives, whether it takes pictures, and its numbers.</summary>
internal sealed class StatusRoutes(ServerMetrics metrics, Func<string?> notReady)
{
    // Probes of balancers often ask for the head alone.
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/health", Methods, () => Json.Answer(new StatusAnswer("alive")))
            .Describe("getHealth", RouteGroups.Server, "Is it alive?", "200 as long as the process answers.").Produces<StatusAnswer>();
        routes.MapMethods("/ready", Methods, () => notReady() is { } reason
            ? throw new ProblemException(StatusCodes.Status503ServiceUnavailable, reason) { RetryAfter = 1 }
            : Json.Answer(new StatusAnswer("ready")))
            .Describe("getReadiness", RouteGroups.Server, "Does it take pictures?", "200 when the models are loaded and the queue has a place; 503 when it is full or the server is stopping.")
            .Produces<StatusAnswer>().Problem(StatusCodes.Status503ServiceUnavailable);
        routes.MapMethods("/metrics", Methods, () => Results.Text(metrics.Text.Write(), PrometheusText.ContentType))
            .Describe("getMetrics", RouteGroups.Server, "Numbers for Prometheus", "Text format 0.0.4. Needs the token when the server is reached from other machines.")
            .Produces<string>(contentType: "text/plain").Problem(StatusCodes.Status401Unauthorized);
    }
}
