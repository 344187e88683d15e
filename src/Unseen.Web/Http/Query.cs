using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Unseen.Classification;

namespace Unseen.Web.Http;

/// <summary>Reads query parameters.</summary>
internal static class Query
{
    private static readonly Dictionary<string, CandidateClasses> ByWord =
        Enum.GetValues<CandidateClasses>().ToDictionary(among => among.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>Words for the classes that a picture may belong to; the first is meant when none is given.</summary>
    public static IReadOnlyList<string> CandidateWords { get; } = [.. ByWord.Keys];

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

    /// <summary>Classes that a picture may belong to.</summary>
    /// <exception cref="ProblemException">400.</exception>
    public static CandidateClasses Candidates(string? value) => ByWord.TryGetValue(value ?? CandidateWords[0], out var among)
        ? among
        : throw new ProblemException(StatusCodes.Status400BadRequest, "'candidates' must be all, seen or unseen.");
}
