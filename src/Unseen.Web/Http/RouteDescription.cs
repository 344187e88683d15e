using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Unseen.Web.Http;

/// <summary>What the OpenAPI document says about a route.</summary>
internal static class RouteDescription
{
    private const string ProblemType = "application/problem+json";

    /// <summary>Title and text.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string summary, string description) =>
        route.WithSummary(summary).WithDescription(description);

    /// <summary>Statuses of problems, beside those of every route.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses.Concat([StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized,
            StatusCodes.Status503ServiceUnavailable]).Distinct().Order())
            route.Produces<Problem>(status, ProblemType);
        return route;
    }

    /// <summary>Statuses of problems of routes that take a picture.</summary>
    public static RouteHandlerBuilder PictureProblems(this RouteHandlerBuilder route) => route.Problems(
        StatusCodes.Status404NotFound, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
        StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests);
}
