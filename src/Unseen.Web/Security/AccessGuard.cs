using System.Net;
using Microsoft.AspNetCore.Http;
using Unseen.Web.Http;

namespace Unseen.Web.Security;

/// <summary>
/// Who may call what. A server on loopback is open to programs of this machine, so it must not be open to pages of other sites in a browser of
/// this machine: they are known by the Host header (a name that resolves to 127.0.0.1) and by the Origin header.
/// </summary>
internal sealed class AccessGuard(ServerOptions options)
{
    private readonly AccessToken? token = options.Token is { } text ? new(text) : null;
    private readonly bool isLocal = ListenAddress.Parse(options.Urls).All(a => a.IsLoopback);

    /// <summary>True when changes need a token.</summary>
    public bool TokenRequired => token is not null;

    /// <summary>True for what programs call; the page, the document, the probes and the numbers are not.</summary>
    public static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);

    /// <summary>Lets a request pass, or says why not.</summary>
    /// <exception cref="ProblemException">400 wrong host, 403 wrong origin or caller, 401 token missing or wrong.</exception>
    public void Check(HttpContext context)
    {
        if (isLocal && !IsOwnName(context.Request.Host.Host))
            throw new ProblemException(StatusCodes.Status400BadRequest, "This server answers to localhost and loopback addresses only. Behind a "
                + "proxy, start it with --host NAME.");
        if (!isLocal && context.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase)) RequireToken(context);
        if (!IsApi(context.Request)) return;
        RequireOwnOrigin(context.Request);
        var changes = IsChange(context.Request);
        if (token is not null && (changes || !isLocal)) RequireToken(context);
        else if (changes && !IsLoopback(context.Connection.RemoteIpAddress))
            throw new ProblemException(StatusCodes.Status403Forbidden, "Without a token, only callers on the same machine may change classes.");
    }

    /// <summary>Classes are what can be changed.</summary>
    private static bool IsChange(HttpRequest request) => request.Path.StartsWithSegments("/v1/classes", StringComparison.OrdinalIgnoreCase)
        && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

    private void RequireToken(HttpContext context)
    {
        if (token!.Check(context.Request) is not { } isRight)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw new ProblemException(StatusCodes.Status401Unauthorized, "This needs the token of the server: send 'Authorization: Bearer TOKEN'.");
        }
        if (isRight) return;
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        throw new ProblemException(StatusCodes.Status401Unauthorized, "The token is wrong.");
    }

    private bool IsOwnName(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        || options.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    /// <summary>What is wrong with an origin that the server is told to allow, or null.</summary>
    public static string? OriginProblem(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin && uri.UserInfo.Length == 0
            ? null : $"'{origin}' is no origin. Expected a scheme, a host and perhaps a port as a browser sends them, for example https://birds.example or http://localhost:3000.";

    /// <summary>Browsers say from which site a request comes; other programs say nothing.</summary>
    private void RequireOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (HttpMethods.IsGet(request.Method) || origin.Length == 0) return;
        if (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)) return;
        if (options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return;
        throw new ProblemException(StatusCodes.Status403Forbidden, "Pages of other sites may not call this server.");
    }
}
