namespace Unseen.Web.Http;

/// <summary>Groups of routes (tags) in the document.</summary>
internal static class RouteGroups
{
    /// <summary>Pictures in, answers out.</summary>
    public const string Pictures = "pictures";

    /// <summary>What a model can name.</summary>
    public const string Classes = "classes";

    /// <summary>What is served.</summary>
    public const string Models = "models";

    /// <summary>Whether it works, and how much it does.</summary>
    public const string Server = "server";

    /// <summary>All of them with what a reader of the document is told.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Pictures] = "Name what pictures show, explain it, and try a class on them.",
        [Classes] = "The classes of a model: look at them, add, change and remove them.",
        [Models] = "The models of this server.",
        [Server] = "Whether the server works, and its numbers.",
    };
}
