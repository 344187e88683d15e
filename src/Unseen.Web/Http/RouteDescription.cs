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

    /// <summary>
    /// What the body is. Only for the document: the framework's own declaration would refuse other types before this server can say what it expects.
    /// </summary>
    public static RouteHandlerBuilder Body(
        this RouteHandlerBuilder route, Type? json = null, bool isPicture = false, string? form = null, bool isOptional = false, bool isTable = false) =>
        route.WithMetadata(new BodyDescription(json, isPicture, form, isOptional, isTable));

    /// <summary>Statuses of problems, beside those of every route.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses.Concat([StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized,
            StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable]).Distinct().Order())
            route.Produces<Problem>(status, ProblemType);
        return route;
    }

    /// <summary>Statuses of problems of routes that take a picture.</summary>
    public static RouteHandlerBuilder PictureProblems(this RouteHandlerBuilder route) => route.Problems(
        StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge,
        StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests);
}

/// <summary>What the body of a request is.</summary>
/// <param name="Json">Type of its JSON, or null.</param>
/// <param name="IsPicture">True when it may be a picture as it is.</param>
/// <param name="Form">Name of the file part when it may be a form, or null.</param>
/// <param name="IsOptional">True when a request without it has an answer.</param>
/// <param name="IsTable">True when it is a CSV table.</param>
internal sealed record BodyDescription(Type? Json, bool IsPicture, string? Form, bool IsOptional, bool IsTable)
{
    /// <summary>True when a form may bring several pictures, whose answers are a list.</summary>
    public bool TakesSeveral => Json is null && Form is not null;
}
