using Microsoft.AspNetCore.Http;
using Unseen.Classification;

namespace Unseen.Web.Http;

/// <summary>Reads query parameters.</summary>
internal static class Query
{
    private const int Most = 10_000;

    /// <summary>Number of a list, at least 1.</summary>
    /// <exception cref="ProblemException">400.</exception>
    public static int Count(string name, int? value, int normal) => value switch
    {
        null => normal,
        >= 1 and <= Most => value.Value,
        _ => throw new ProblemException(StatusCodes.Status400BadRequest, $"'{name}' must be from 1 to {Most}, found {value}."),
    };

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
