using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Unseen.Web.Http;

/// <summary>The files of the page, from inside the assembly. There are only these: no path of a request reaches the file system.</summary>
internal sealed class StaticPage
{
    private const string Root = "wwwroot/";
    private const string Index = "/index.html";

    /// <summary>Types of the files that there are: a page with another one needs a line here.</summary>
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Dictionary<string, StaticFile> files = new(StringComparer.Ordinal);

    /// <summary>Reads all files.</summary>
    public StaticPage()
    {
        var assembly = typeof(StaticPage).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Root, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var path = "/" + resource[Root.Length..].Replace('\\', '/');
            files[path] = new(content, Types[Path.GetExtension(path)], $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"");
        }
        if (files.TryGetValue(Index, out var index)) files["/"] = index;
    }

    /// <summary>Answers with a file when the path is one of the page; false when it is not.</summary>
    public async Task<bool> Serve(HttpContext context)
    {
        if (!files.TryGetValue(context.Request.Path.Value ?? "", out var file)) return false;
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && !HttpMethods.IsGet(context.Request.Method)) return false;
        var response = context.Response;
        response.Headers.ETag = file.Tag;
        response.Headers.CacheControl = "no-cache";         // kept, but asked for again: an update of the server shows at once
        if (context.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == file.Tag || tag == "W/" + file.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }
        response.ContentType = file.Type;
        response.ContentLength = file.Content.Length;
        if (!isHead) await response.Body.WriteAsync(file.Content, context.RequestAborted);
        return true;
    }

    private sealed record StaticFile(byte[] Content, string Type, string Tag);
}
