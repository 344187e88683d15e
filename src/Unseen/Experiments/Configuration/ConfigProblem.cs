namespace Unseen.Experiments.Configuration;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="Location">Where it is wrong.</param>
/// <param name="Message">What is wrong, expected and found.</param>
internal sealed record ConfigProblem(SourceLocation Location, string Message)
{
    public override string ToString() => $"{Location}: {Message}";

    /// <summary>Throws every problem at once, in the order of the lines; what has no line comes last.</summary>
    public static void ThrowIfAny(IEnumerable<ConfigProblem> problems)
    {
        var errors = problems.OrderBy(p => p.Location.Line == 0 ? int.MaxValue : p.Location.Line).Select(p => p.ToString()).Distinct()
            .ToList();
        if (errors.Count > 0) throw new ConfigurationException(errors);
    }
}
