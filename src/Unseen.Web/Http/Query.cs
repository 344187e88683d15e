using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Unseen.Classification;

namespace Unseen.Web.Http;

/// <summary>Reads query parameters.</summary>
internal static class Query
{
    private const int Most = 10_000;

    /// <summary>Refuses a key that the route does not have: a mistyped one would change the answer in silence.</summary>
    /// <exception cref="ProblemException">400.</exception>
    public static void RequireKnown(HttpContext context)
    {
        if (context.Request.Query.Count == 0 || context.GetEndpoint() is not RouteEndpoint endpoint) return;
        var known = endpoint.Metadata.OfType<IParameterBindingMetadata>().Where(p => p.ParameterInfo.ParameterType != typeof(HttpContext))
            .Select(p => p.Name).Where(name => endpoint.RoutePattern.GetParameter(name) is null).ToList();
        if (context.Request.Query.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)) is not { } unknown) return;
        throw new ProblemException(StatusCodes.Status400BadRequest, known.Count == 0
            ? $"Unknown query key '{unknown}'. This address takes none." : NearestName.Unknown("query key", unknown, known));
    }

    /// <summary>Number of a list, at least 1.</summary>
    /// <exception cref="ProblemException">400.</exception>
    public static int Count(string name, int? value, int normal, int most = Most) => value is null ? normal
        : value >= 1 && value <= most ? value.Value
        : throw new ProblemException(StatusCodes.Status400BadRequest, $"'{name}' must be from 1 to {most}, found {value}.");

    /// <summary>Classes that a picture may belong to.</summary>
    /// <exception cref="ProblemException">400.</exception>
    public static CandidateClasses Candidates(string? value) => value switch
    {
        null or "all" => CandidateClasses.All,
        "seen" => CandidateClasses.Seen,
        "unseen" => CandidateClasses.Unseen,
        _ => throw new ProblemException(StatusCodes.Status400BadRequest, "'candidates' must be all, seen or unseen."),
    };
}
