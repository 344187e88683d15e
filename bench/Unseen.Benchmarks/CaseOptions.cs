namespace Unseen.Benchmarks;

/// <summary>Options of a case as pairs of name and value.</summary>
internal static class CaseOptions
{
    /// <summary>The defaults with what the arguments say.</summary>
    public static Dictionary<string, string> Parse(string[] arguments, IReadOnlyDictionary<string, string> defaults)
    {
        var options = new Dictionary<string, string>(defaults);
        foreach (var pair in arguments.Chunk(2))
            options[pair.Length == 2 && options.ContainsKey(pair[0]) ? pair[0] : throw new UnknownNameException("option", pair[0], options.Keys)] = pair[1];
        return options;
    }
}
