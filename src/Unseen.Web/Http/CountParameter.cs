using Microsoft.AspNetCore.Http;

namespace Unseen.Web.Http;

/// <summary>A query parameter that says how many entries a list of the answer has at most.</summary>
/// <param name="Name">Name in the query.</param>
/// <param name="Normal">What is meant when it is left out.</param>
/// <param name="Most">Largest value.</param>
internal sealed record CountParameter(string Name, int Normal, int Most)
{
    /// <summary>Least value.</summary>
    public const int Least = 1;

    /// <summary>Classes of a ranking.</summary>
    public static readonly CountParameter Top = new("top", 5, 10_000);

    /// <summary>Attributes of an explanation: each has a picture or two.</summary>
    public static readonly CountParameter Attributes = new("attributes", 8, 50);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CountParameter> All { get; } = [Top, Attributes];

    /// <summary>Reads what a request sends.</summary>
    /// <exception cref="ProblemException">400.</exception>
    public int Read(int? value) => value is null ? Normal
        : value >= Least && value <= Most ? value.Value
        : throw new ProblemException(StatusCodes.Status400BadRequest, $"'{Name}' must be from {Least} to {Most}, found {value}.");
}
