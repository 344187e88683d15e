using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Unseen.Web.Http;

/// <summary>What the OpenAPI document says about a route.</summary>
internal static class RouteDescription
{
    private const string ProblemType = "application/problem+json";

    /// <summary>Name for programs, group, title and text.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string name, string group, string summary, string description) =>
        route.WithName(name).WithTags(group).WithSummary(summary).WithDescription(description);

    /// <summary>A header of an answer.</summary>
    public static RouteHandlerBuilder Sends(this RouteHandlerBuilder route, int status, string header, string description) =>
        route.WithMetadata(new HeaderDescription(status, header, description));

    /// <summary>A problem with a time after which the request may be sent again.</summary>
    public static RouteHandlerBuilder TriesAgain(this RouteHandlerBuilder route, int status) =>
        route.Sends(status, HeaderNames.RetryAfter, "Seconds after which it may be tried again; left out when that would not help.");

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
            route.Problem(status);
        return route;
    }

    /// <summary>Status of a problem.</summary>
    public static RouteHandlerBuilder Problem(this RouteHandlerBuilder route, int status)
    {
        route.Produces<Problem>(status, ProblemType);
        return status switch
        {
            StatusCodes.Status401Unauthorized => route.Sends(status, HeaderNames.WWWAuthenticate, "Bearer."),
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => route.TriesAgain(status),
            _ => route,
        };
    }

    /// <summary>Statuses of problems of routes that take a picture.</summary>
    public static RouteHandlerBuilder PictureProblems(this RouteHandlerBuilder route) => route.Problems(
        StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge,
        StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests);
}

/// <summary>A header of an answer.</summary>
/// <param name="Status">Status of the answer.</param>
/// <param name="Name">Name of the header.</param>
/// <param name="Description">What it says.</param>
internal sealed record HeaderDescription(int Status, string Name, string Description);

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
